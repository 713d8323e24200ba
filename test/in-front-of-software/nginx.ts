import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { programPath } from "../harness/find-program.ts";
import { freePort } from "../harness/free-port.ts";

export type Nginx = AsyncDisposable & { port: number };

/**
 * A real nginx with the very configuration of docs/proxy, but for its ports, its name and its certificate.
 *
 * @param ports where nginx is to listen, and where the two servers behind it do
 */
export async function startNginx(ports: {
	own: number;
	vestibule: number;
	software: number;
}): Promise<Nginx> {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-nginx-"));
	writeFileSync(join(folder, "site.conf"), siteOf(ports, await freePort()));
	writeFileSync(join(folder, "nginx.conf"), around(folder));
	const nginx = spawn(programPath("nginx"), ["-p", folder, "-c", "nginx.conf", "-e", "stderr"]);
	let complaints = "";
	nginx.stderr.on("data", (chunk) => {
		complaints += chunk;
	});
	const ended = new Promise<void>((resolve) => nginx.on("close", () => resolve()));
	while (!(await listens(ports.own))) {
		if (nginx.exitCode !== null) throw new Error(`nginx ended: ${complaints}`);
		await wait(20);
	}
	return {
		port: ports.own,
		async [Symbol.asyncDispose]() {
			nginx.kill();
			await ended;
			rmSync(folder, { recursive: true });
		},
	};
}

function siteOf(ports: { own: number; vestibule: number; software: number }, spare: number): string {
	const replaced: [string, string][] = [
		["127.0.0.1:3000", `127.0.0.1:${ports.vestibule}`],
		["127.0.0.1:8080", `127.0.0.1:${ports.software}`],
		["listen 443 ssl;", `listen 127.0.0.1:${ports.own};`],
		["listen [::]:443 ssl;", ""],
		["listen 80;", `listen 127.0.0.1:${spare};`],
		["listen [::]:80;", ""],
		["ssl_certificate /etc/letsencrypt/live/<clinic.example.com>/fullchain.pem;", ""],
		["ssl_certificate_key /etc/letsencrypt/live/<clinic.example.com>/privkey.pem;", ""],
		["server_name <clinic.example.com>;", "server_name localhost;"],
	];
	return replaced.reduce(
		(text, [documented, here]) => {
			if (!text.includes(documented)) throw new Error(`docs/proxy/nginx.conf has no "${documented}"`);
			return text.replaceAll(documented, here);
		},
		readFileSync("docs/proxy/nginx.conf", "utf8"),
	);
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

function listens(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const probe = connect(port, "127.0.0.1");
		probe.on("connect", () => {
			probe.destroy();
			resolve(true);
		});
		probe.on("error", () => resolve(false));
	});
}
