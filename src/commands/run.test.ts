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
	expect(exitCode).toBe(2);
	expect(err).toContain("DATABASE_URL must be: sqlite:path/to/file.db or postgres://user@host/database");
	expect(err).toContain("VESTIBULE_SUPPORT_EMAIL is missing");

	const environment = {
		VESTIBULE_KEYS: "a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
	};
	for (const url of ["sqlite:/there/is/no/such/folder/v.db", "postgres://nobody@127.0.0.1:1/v"]) {
		const ran = await runCommand({ ...environment, DATABASE_URL: url }, "migrate");
		expect(ran.exitCode).toBe(1);
		expect(ran.err).toMatch(
			/^The database cannot be used \(.+\)\. See what is wrong with: vestibule doctor\n$/,
		);
	}
});
