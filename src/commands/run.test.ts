import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../test/harness/command.ts";

const commands = ["serve", "work", "migrate", "clinic", "staff", "audit", "keys", "doctor"];

test("without a command the program lists all of them", async () => {
	const { exitCode, out } = await runCommand({});
	expect(exitCode).toBe(0);
	for (const command of commands) expect(out).toMatch(new RegExp(`^  ${command} +[a-z]`, "m"));
});

test.each(commands)(
	"vestibule %s --help says how it is used, before anything is configured",
	async (command) => {
		const { exitCode, out, err } = await runCommand({}, command, "--help");
		expect(err).toBe("");
		expect(exitCode).toBe(0);
		expect(out).toMatch(new RegExp(`^vestibule ${command}`));
	},
);

test("a command that is not there is told apart from one that failed", async () => {
	const { exitCode, err } = await runCommand({}, "clinics");
	expect(exitCode).toBe(2);
	expect(err).toContain('There is no command "clinics".');
	expect(await runCommand({}, "staff", "remove")).toMatchObject({
		exitCode: 2,
		err: expect.stringContaining('There is no "vestibule staff remove".'),
	});
	expect(await runCommand({}, "keys", "rotate", "--now")).toMatchObject({ exitCode: 2 });
});

test("a missing setting is named, and a database that cannot be used is said in a sentence", async () => {
	const { exitCode, err } = await runCommand({ DATABASE_URL: "mysql://clinic" }, "migrate");
	expect(exitCode).toBe(1);
	expect(err).toContain("DATABASE_URL must be: sqlite:path/to/file.db or postgres://user@host/database");
	expect(err).toContain("VESTIBULE_SUPPORT_EMAIL is missing");

	const environment = {
		VESTIBULE_KEYS: "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
	};
	const unusable = [
		"sqlite:/there/is/no/such/folder/v.db",
		`sqlite:${import.meta.filename}`,
		"postgres://nobody@127.0.0.1:1/v",
		"postgres://nobody@no-such-host.invalid/v",
	];
	for (const url of unusable) {
		const ran = await runCommand({ ...environment, DATABASE_URL: url }, "migrate");
		expect(ran.exitCode).toBe(1);
		expect(ran.err).toMatch(
			/^The database of DATABASE_URL cannot be used \(.+\)\. See what is wrong with: vestibule doctor\n$/,
		);
	}
});

test("an address that it cannot answer at is named with what to do", async () => {
	await using taken = await listening();
	const folder = mkdtempSync(join(tmpdir(), "vestibule-address-"));
	const environment = {
		DATABASE_URL: `sqlite:${join(folder, "vestibule.db")}`,
		VESTIBULE_KEYS: "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_LOG_LEVEL: "silent",
	};
	const refused = async (changes: Record<string, string>) => {
		const { exitCode, err } = await runCommand({ ...environment, ...changes }, "serve");
		expect(exitCode).toBe(1);
		return err;
	};
	expect(await refused({ PORT: String(taken.port) })).toBe(
		`PORT ${taken.port} is in use by another program on 127.0.0.1: stop it, or set another PORT\n`,
	);
	for (const HOST of ["192.0.2.1", "no-such-host.invalid"]) {
		expect(await refused({ HOST })).toMatch(/^HOST must be an address of this machine: .+\n$/);
	}
	rmSync(folder, { recursive: true });
});

test("the demo that still runs keeps its data where somebody starts over beside it", async () => {
	await using taken = await listening();
	const folder = mkdtempSync(join(tmpdir(), "vestibule-demo-"));
	mkdirSync(join(folder, "data"));
	writeFileSync(join(folder, "data", "vestibule.db"), "of the one that runs");
	const cwd = process.cwd();
	process.chdir(folder);
	try {
		const { exitCode, err } = await runCommand({ PORT: String(taken.port) }, "serve", "--demo", "--reset");
		expect(exitCode).toBe(1);
		expect(err).toContain(`PORT ${taken.port} is in use by another program`);
		expect(readFileSync(join("data", "vestibule.db"), "utf8")).toBe("of the one that runs");
	} finally {
		process.chdir(cwd);
		rmSync(folder, { recursive: true });
	}
});

async function listening() {
	const server = createServer();
	await once(server.listen(0, "127.0.0.1"), "listening");
	const { port } = server.address() as AddressInfo;
	return { port, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
