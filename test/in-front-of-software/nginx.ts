import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../harness/free-port.ts";
import { type Behind, filledIn, type RunningProxy, startProxy } from "./proxy.ts";

/** A real nginx with the very configuration of docs/proxy, but for its ports, its name and its certificate. */
export async function startNginx(behind: Behind): Promise<RunningProxy> {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-nginx-"));
	const site = filledIn("docs/proxy/nginx.conf", [
		["127.0.0.1:3000", `127.0.0.1:${behind.vestibule}`],
		["127.0.0.1:8080", `127.0.0.1:${behind.software}`],
		["listen 443 ssl;", `listen 127.0.0.1:${behind.own};`],
		["listen [::]:443 ssl;", ""],
		["listen 80;", `listen 127.0.0.1:${await freePort()};`],
		["listen [::]:80;", ""],
		["ssl_certificate /etc/letsencrypt/live/<clinic.example.com>/fullchain.pem;", ""],
		["ssl_certificate_key /etc/letsencrypt/live/<clinic.example.com>/privkey.pem;", ""],
		["server_name <clinic.example.com>;", "server_name localhost;"],
	]);
	writeFileSync(join(folder, "site.conf"), site);
	writeFileSync(join(folder, "nginx.conf"), around(folder));
	return startProxy("nginx", ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], behind.own, folder);
}

/** What Debian's own nginx.conf is, as far as a site needs it, with everything written below one folder. */
function around(folder: string): string {
	const kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
	return `
		daemon off;
		master_process off;
		pid ${folder}/nginx.pid;
		events {}
		http {
			access_log off;
			${kept.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n")}
			include site.conf;
		}`;
}
