import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { avery } from "../harness/people.ts";
import { cookies } from "./cookies-of.ts";
import { everyPlace, isPageOfASignIn, tryAt } from "./every-address.ts";
import { ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { everythingKept } from "./what-is-kept.ts";

/** The ways in which a password could lie somewhere without looking like it. */
const written = [
	DEMO_PASSWORD,
	encodeURIComponent(DEMO_PASSWORD),
	DEMO_PASSWORD.replaceAll(" ", "+"),
	Buffer.from(DEMO_PASSWORD).toString("base64").replace(/=+$/, ""),
	Buffer.from(DEMO_PASSWORD).toString("base64url"),
	Buffer.from(DEMO_PASSWORD).toString("hex"),
	[...DEMO_PASSWORD].reverse().join(""),
];

test("while the second step waits, the password is in no row, no cookie, no page and no hidden field", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	const waiting = await waitingAtTheCode(app, avery);

	const kept = JSON.stringify(await everythingKept(app));
	const jar = waiting.cookies.header("from this site", app.clock.now());
	const pages: string[] = [];
	for (const place of everyPlace(app).filter(({ address }) => isPageOfASignIn(address))) {
		const { body, headers } = await tryAt(waiting, place);
		pages.push(body.toString(), JSON.stringify(headers));
	}
	expect(pages.length).toBeGreaterThan(10);
	for (const text of written) {
		expect(kept).not.toContain(text);
		expect(jar).not.toContain(text);
		for (const page of pages) expect(page).not.toContain(text);
	}
	// What the browser keeps of it is 256 random bits, and the form a token of them.
	expect(waiting.cookies.get(cookies.signIn)).toMatch(/^[\w-]{43}$/);
	const hidden = (await waiting.open(paths.verify)).html.match(/<input type="hidden"[^>]*>/g) ?? [];
	expect(hidden.length).toBeGreaterThan(0);
	for (const field of hidden) expect(field).toMatch(/name="form-token" value="[\w-]{43}"/);
});
