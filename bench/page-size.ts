import { gzipSync } from "node:zlib";
import { paths } from "../src/paths.ts";
import { expectStatus, type Site, Visitor } from "./http.ts";
import { atMost, type Line } from "./report.ts";

const MOST_KB = 14;
/** What nginx and Caddy are commonly set to; pages are compressed by whatever stands in front. */
const PROXY_LEVEL = 5;

/** What a browser that was never here fetches before it can show the sign-in page. */
export async function measurePageSize(site: Site): Promise<Line[]> {
	const visitor = new Visitor(site);
	const page = expectStatus(await visitor.get(paths.signIn), 200, "The sign-in page");
	const [, address = ""] = /<link[^>]+href="([^"]+\.css)"/.exec(page.body.toString("utf8")) ?? [];
	const style = expectStatus(await visitor.get(address), 200, "The stylesheet");
	if (style.headers["content-encoding"] !== "br") throw new Error("The stylesheet is not sent compressed");
	const compressed = page.headers["content-encoding"]
		? page.body
		: gzipSync(page.body, { level: PROXY_LEVEL });
	const [pageKb, styleKb] = [compressed.length / 1024, style.body.length / 1024];
	const measured = `${(pageKb + styleKb).toFixed(1)} KB: page ${pageKb.toFixed(1)}, stylesheet ${styleKb.toFixed(1)}`;
	return [atMost("sign-in page with its stylesheet, compressed", MOST_KB, " KB", pageKb + styleKb, measured)];
}
