import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Behind, filledIn, type RunningProxy, startProxy } from "./proxy.ts";

/** A real Caddy with the very configuration of docs/proxy, but for its port, its name and its certificate. */
export async function startCaddy(behind: Behind): Promise<RunningProxy> {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-caddy-"));
	const hosts = ["localhost", "*.localhost"].map((host) => `http://${host}:${behind.own}`);
	const site = filledIn("docs/proxy/Caddyfile", [
		["127.0.0.1:3000", `127.0.0.1:${behind.vestibule}`],
		["127.0.0.1:8080", `127.0.0.1:${behind.software}`],
		["<clinic.example.com> {", `${hosts.join(", ")} {\n\tbind 127.0.0.1`],
	]);
	writeFileSync(join(folder, "Caddyfile"), `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
	const run = ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
	return startProxy("caddy", run, behind.own, folder);
}
