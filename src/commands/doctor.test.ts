import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { App } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { runCommand } from "../../test/harness/command.ts";
import { freePort } from "../../test/harness/free-port.ts";
import { startOperatedApp } from "../../test/harness/operated-app.ts";
import { avery, setUpAuthenticatorApp, signIn } from "../../test/harness/people.ts";
import { days } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";

test("where all is well the doctor says so, and a test email arrives", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	await signIn(newBrowser(app), avery);
	const ran = await vestibule("doctor", "--email=olive@operator.example");
	expect(ran.out).toMatch(/\nAll is well\.\n$/);
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	expect(ran.out).toMatch(/^fine {2}The database answers and is up to date \((SQLite|PostgreSQL \d+)\)\.$/m);
	expect(ran.out).toContain("There is one clinic.");
	expect(ran.out).toContain("The mail server answers.");
	const email = await app.inbox.latest("olive@operator.example");
	expect(email.subject).toBe("Test email from Vestibule");
	expect(email.text).toContain(app.url.origin);
});

test("a configuration that cannot be read is all that the doctor looks at", async () => {
	const ran = await runCommand({ DATABASE_URL: "sqlite:x.db" }, "doctor");
	expect(ran.exitCode).toBe(1);
	expect(ran.out).toContain("wrong VESTIBULE_SUPPORT_EMAIL is missing");
	expect(ran.out).toContain("To be mended: 1.");
});

test("each thing that is wrong is said with what to do", async () => {
	await using operated = await startOperatedApp();
	const { environment } = operated;
	const wrongs = async (changes: Record<string, string>) => {
		const { exitCode, out } = await runCommand({ ...environment, ...changes }, "doctor");
		const found = out.split("\n").filter((line) => line.startsWith("wrong "));
		expect(exitCode).toBe(found.length > 0 ? 1 : 0);
		return found.map((line) => line.slice("wrong ".length));
	};
	expect(await wrongs({})).toEqual([
		"There is no clinic yet, so nobody can sign in. See: vestibule clinic create --help",
	]);
	expect(await wrongs({ SMTP_URL: "" })).toContainEqual(expect.stringMatching(/^No SMTP_URL is set/));
	expect(await wrongs({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` })).toContainEqual(
		expect.stringMatching(
			/^The mail server cannot be used: No answer from the mail server: \w+\. Check SMTP_URL\.$/,
		),
	);
	const https = { VESTIBULE_URL: "https://sign-in.harbour.example" };
	expect(await wrongs(https)).toContainEqual(expect.stringContaining("VESTIBULE_TRUSTED_PROXIES names none"));
	expect(await wrongs({ ...https, VESTIBULE_TRUSTED_PROXIES: "127.0.0.1" })).toHaveLength(1);
	const onAnother = "postgres://vestibule:secret@database.invalid/vestibule";
	const readable = expect.stringMatching(
		/^Whoever is between this machine and database\.invalid can read and change the database\./,
	);
	expect(await wrongs({ DATABASE_URL: onAnother })).toContainEqual(readable);
	expect(await wrongs({ DATABASE_URL: `${onAnother}?sslmode=no-verify` })).toContainEqual(readable);
	expect(await wrongs({ DATABASE_URL: `${onAnother}?sslmode=verify-full` })).not.toContainEqual(readable);
	const folder = mkdtempSync(join(tmpdir(), "vestibule-doctor-"));
	const open = join(folder, "open.db");
	writeFileSync(open, "", { mode: 0o644 });
	expect(await wrongs({ DATABASE_URL: `sqlite:${open}` })).toContainEqual(
		`Everybody on this machine can read ${open}. Run: chmod 600 ${open}*`,
	);
	rmSync(folder, { recursive: true });
	expect(await wrongs({ DATABASE_URL: "sqlite:/no/such/file.db" })).toContainEqual(
		"There is no database at /no/such/file.db yet. Make it with: vestibule migrate",
	);
	expect(await wrongs({ DATABASE_URL: "postgres://nobody@127.0.0.1:1/vestibule" })).toContainEqual(
		expect.stringMatching(
			/^The database cannot be reached: .+ Check DATABASE_URL and that the database runs\.$/,
		),
	);
});

test("a database of an earlier version is told from one that is up to date, and left as it is", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { backdoor } = operated.app.database;
	const forget = backdoor.deleteFrom("migrations" as never);
	await forget.execute();
	const { exitCode, out } = await operated.vestibule("doctor");
	expect(exitCode).toBe(1);
	expect(out).toMatch(
		/wrong The database has not seen 0001_ground\.sql.*\. Bring it up to date: vestibule migrate/,
	);
	expect(
		await backdoor
			.selectFrom("migrations" as never)
			.selectAll()
			.execute(),
	).toEqual([]);
});

test("a key that is missing, and a key ring that everybody can read, are found", async () => {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-doctor-"));
	const file = join(folder, "ring");
	writeFileSync(file, Keyring.newKey("2025"), { mode: 0o600 });
	await using operated = await startOperatedApp({
		clinic: "demo",
		environment: { VESTIBULE_KEYS_FILE: file },
	});
	const browser = newBrowser(operated.app);
	await signIn(browser, avery);
	await setUpAuthenticatorApp(browser);
	await operated.app.drain();
	expect((await operated.vestibule("doctor")).out).toContain(
		"The key ring opens what is sealed (a sample of 1).",
	);

	chmodSync(file, 0o644);
	expect((await operated.vestibule("doctor")).out).toContain(
		`wrong Everybody on this machine can read ${file}.`,
	);
	writeFileSync(file, Keyring.newKey("2026"));
	const { exitCode, out } = await operated.vestibule("doctor");
	expect(exitCode).toBe(1);
	expect(out).toContain("wrong The key ring does not open 1 of 1 sealed values");
	rmSync(folder, { recursive: true });
});

test("messages that nobody sends are noticed", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app } = operated;
	app.inbox.server.answerRecipient({ code: 451, text: "later" });
	await queueOldEmail(app);
	const { out } = await operated.vestibule("doctor");
	expect(out).toMatch(/wrong Emails have been due since \d{4}-\d\d-\d\dT.* and nobody sends them/);
});

test("messages that were given up are told by kind, to whom, since when and why, for a week", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { app, vestibule } = operated;
	const aDayAgo = Date.now() - days(1);
	const dead = { state: "dead", ended_at: aDayAgo, sealed_body: null } as const;
	const text = { channel: "text", kind: "sign-in-code" } as const;
	for (const [number, changes] of [
		["+16045550101", { ...dead, why: "providers", last_error: "Twilio answered 401, error 20003" }],
		["+16045550102", { ...dead, why: "providers", last_error: "Twilio answered 401, error 20003" }],
		[
			"+16045550103",
			{ ...dead, why: "number-cannot-receive", last_error: "Twilio answered 400, error 21614" },
		],
		["+16045550104", { ...dead, why: "expired", ended_at: Date.now() - days(8) }],
	] as const) {
		await queueOldEmail(app);
		await app.database.backdoor
			.updateTable("outbox")
			.set({ ...text, ...changes, recipient: number })
			.where("state", "=", "waiting")
			.execute();
	}
	await queueOldEmail(app);
	await app.database.backdoor
		.updateTable("outbox")
		.set({ ...dead, last_error: "The mail server refused avery: 550" })
		.where("state", "=", "waiting")
		.execute();
	const { exitCode, out } = await vestibule("doctor");
	const since = new Date(aDayAgo).toISOString();
	const notes = out.split("\n").filter((line) => line.includes("given up since"));
	expect(notes.toSorted()).toEqual(
		[
			`note  harbour: 2 text messages (sign-in-code) to •••• •••• 0102, •••• •••• 0101 given up since ${since}, the last at ${since}: no provider takes it; try: vestibule doctor --text NUMBER (Twilio answered 401, error 20003).`,
			`note  harbour: 1 text message (sign-in-code) to •••• •••• 0103 given up since ${since}: the number cannot receive text messages; ask the person about it (Twilio answered 400, error 21614).`,
			`note  harbour: 1 email (invitation) to a••••@harbour.example given up since ${since}: the mail server refused it (The mail server refused avery: 550).`,
		].toSorted(),
	);
	expect(exitCode).toBe(0);
});

test("old activity that stays, since the clock may have jumped ahead, is told with what to do", async () => {
	await using operated = await startOperatedApp({ clinic: "demo" });
	const { backdoor } = operated.app.database;
	const about = "note  More than 31 days of the activity of harbour became older than 6 years at once";
	expect((await operated.vestibule("doctor")).out).not.toContain(about);
	const longAgo = Date.UTC(2001, 0, 1);
	await backdoor.updateTable("activity_events").set({ at: longAgo }).execute();
	expect((await operated.vestibule("doctor")).out).toContain(about);
});

/** An email that has been due for an hour, while the app's own worker believes that it is much earlier. */
async function queueOldEmail({ db, deps, clock, database }: App): Promise<void> {
	clock.at(Date.now() - 2 * 3_600_000);
	const clinic = await database.backdoor.selectFrom("clinics").select("clinic_id").executeTakeFirstOrThrow();
	await inTransaction(db, (tx) =>
		queueEmail(tx, deps.config.keyring, {
			clinicId: clinic.clinic_id,
			profileId: null,
			to: avery,
			kind: "invitation",
			email: { subject: "Waiting", paragraphs: [] },
			now: Date.now() - 3_600_000,
		}),
	);
}
