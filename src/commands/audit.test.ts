import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { recordEvent } from "../activity/record.ts";
import { insertClinic } from "../clinics/store.ts";
import type { Config } from "../config.ts";
import { readConfig } from "../config.ts";
import { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import { auditCommand } from "./audit.ts";

const NOW = Date.UTC(2026, 2, 2, 9, 0, 0, 7);
const config: Config = readConfig({
	DATABASE_URL: "sqlite:unused",
	VESTIBULE_KEYS: Keyring.newKey("k1"),
	VESTIBULE_SUPPORT_EMAIL: "privacy@example.com",
	VESTIBULE_MAIL_FROM: "no-reply@example.com",
});

async function harbour(db: Db) {
	const clinic = { clinicId: "c1", shortName: "harbour", name: "Harbour Physio", country: "CA" };
	const from = { clinicId: "c1", at: NOW, profileId: "p1", actor: "nobody", address: "192.0.2.7" };
	await inTransaction(db, async (tx) => {
		await insertClinic(tx, { ...clinic, timeZone: "America/Vancouver" }, NOW);
		await recordEvent(tx, config.keyring, {
			...from,
			browserName: '=cmd|"/c calc"!A1, on Windows',
			kind: "signed-in",
			detail: { by: "authenticator-app" },
		});
		await recordEvent(tx, config.keyring, {
			...from,
			address: null,
			browserName: "Two\r\nlines",
			kind: "second-step-refused",
			detail: { method: "authenticator-app", clock: "slow" },
		});
	});
}

/** Runs the command into streams that take a little at a time. */
async function audit(db: Db, ...args: string[]) {
	const texts = { out: "", err: "" };
	const into = (which: "out" | "err") =>
		new Writable({
			highWaterMark: 16,
			write(chunk, _encoding, done) {
				texts[which] += String(chunk);
				setImmediate(done);
			},
		});
	const [out, err] = [into("out"), into("err")];
	const exitCode = await auditCommand(args, { db, config, out, err });
	await Promise.all([out, err].map((stream) => new Promise<void>((done) => stream.end(done))));
	return { exitCode, ...texts };
}

test("audit verify says that all is intact, and what to expect next time", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	const { exitCode, out } = await audit(db, "verify", "--clinic", "harbour");
	expect(exitCode).toBe(0);
	const latest =
		/^Every event of harbour is as it was recorded\. Latest: (2:k1\.[\w-]{43})\n$/.exec(out)?.[1] ?? "";
	expect(latest).not.toBe("");
	expect(await audit(db, "verify", "--clinic", "harbour", "--expect", latest)).toMatchObject({ exitCode: 0 });

	await db.deleteFrom("activity_events").where("clinic_id", "=", "c1").where("number", "=", 2).execute();
	const first = await audit(db, "verify", "--clinic", "harbour", "--expect", latest);
	expect(first).toEqual({ exitCode: 1, out: "Event 2 of harbour was removed.\n", err: "" });
});

test("audit verify says which event was changed", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	const avery = { profile_id: "p2" };
	await db
		.updateTable("activity_events")
		.set(avery)
		.where("clinic_id", "=", "c1")
		.where("number", "=", 1)
		.execute();
	const { exitCode, out } = await audit(db, "verify", "--clinic", "harbour");
	expect(exitCode).toBe(1);
	expect(out).toMatch(/^Event 1 of harbour was changed, inserted or moved/);
});

test("audit export writes JSON Lines that end with the latest number and code", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	const { exitCode, out, err } = await audit(db, "export", "--clinic", "harbour", "--format", "jsonl");
	expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
	const lines = out
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line));
	expect(lines).toEqual([
		{
			number: 1,
			at: "2026-03-02T09:00:00.007Z",
			kind: "signed-in",
			profileId: "p1",
			actor: "nobody",
			address: "192.0.2.7",
			browserName: '=cmd|"/c calc"!A1, on Windows',
			detail: { by: "authenticator-app" },
			code: expect.stringMatching(/^k1\./),
		},
		{
			number: 2,
			at: "2026-03-02T09:00:00.007Z",
			kind: "second-step-refused",
			profileId: "p1",
			actor: "nobody",
			address: null,
			browserName: "Two\r\nlines",
			detail: { method: "authenticator-app", clock: "slow" },
			code: expect.stringMatching(/^k1\./),
		},
	]);
	const expected = `${lines[1]?.number}:${lines[1]?.code}`;
	expect(await audit(db, "verify", "--clinic", "harbour", "--expect", expected)).toMatchObject({
		exitCode: 0,
	});
});

test("audit export writes CSV in which no cell is a formula", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	const { exitCode, out } = await audit(db, "export", "--clinic", "harbour");
	expect(exitCode).toBe(0);
	expect(out.replaceAll(/k1\.[\w-]{43}/g, "k1.x")).toBe(
		[
			'"number","at","kind","profile_id","actor","address","browser_name","detail","code"',
			`"1","2026-03-02T09:00:00.007Z","signed-in","p1","nobody","192.0.2.7","'=cmd|""/c calc""!A1, on Windows","{""by"":""authenticator-app""}","k1.x"`,
			'"2","2026-03-02T09:00:00.007Z","second-step-refused","p1","nobody","","Two\r\nlines","{""method"":""authenticator-app"",""clock"":""slow""}","k1.x"',
			"",
		].join("\r\n"),
	);
});

test("audit export shows events that were made unreadable", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	const unreadable = { detail: "{", at: 9e15 };
	await db
		.updateTable("activity_events")
		.set(unreadable)
		.where("clinic_id", "=", "c1")
		.where("number", "=", 1)
		.execute();
	const { exitCode, out } = await audit(db, "export", "--clinic", "harbour", "--format", "jsonl");
	expect(exitCode).toBe(0);
	expect(JSON.parse(out.split("\n")[0] ?? "")).toMatchObject({ at: "9000000000000000", detail: "{" });
});

test("audit says how it is used, and what was wrong with how it was", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	await harbour(db);
	expect(await audit(db, "--help")).toMatchObject({ exitCode: 0, out: expect.stringContaining("--expect") });
	expect(await audit(db, "verify", "--help")).toMatchObject({ exitCode: 0, err: "" });
	const wrong: [string, string[]][] = [
		["audit verify or audit export", []],
		["audit verify or audit export", ["look"]],
		["--clinic is missing", ["verify"]],
		['no clinic "hill"', ["verify", "--clinic", "hill"]],
		["NUMBER:CODE", ["verify", "--clinic", "harbour", "--expect", "2"]],
		["csv or jsonl", ["export", "--clinic", "harbour", "--format", "xml"]],
		["belongs to export", ["verify", "--clinic", "harbour", "--format", "csv"]],
		["belongs to verify", ["export", "--clinic", "harbour", "--expect", "2:k1.x"]],
		["--colour", ["verify", "--colour", "red"]],
	];
	for (const [sentence, args] of wrong) {
		const { exitCode, out, err } = await audit(db, ...args);
		expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
		expect(err).toContain(sentence);
	}
});
