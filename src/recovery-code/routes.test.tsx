import { afterEach, beforeEach, expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { entriesOf } from "../../test/harness/form.ts";
import { attribute, type Element, elements, parsePage, textOf } from "../../test/harness/html.ts";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { insertClinic } from "../clinics/store.ts";
import { minutes } from "../clock.ts";
import { readConfig } from "../config.ts";
import { Hasher } from "../crypto/hasher.ts";
import { Keyring } from "../crypto/keyring.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { inTransaction } from "../db/transaction.ts";
import { paths } from "../paths.ts";
import { goTo, page } from "../web/answer.ts";
import { createWeb, type Web } from "../web/server.tsx";
import { issueRecoveryCode, PreparedCode } from "./issue.ts";
import { type RecoveryCodeMount, recoveryCodeRoutes } from "./routes.tsx";
import { emptyExpiredCodes, findRecoveryCode, spendRecoveryCode } from "./store.ts";

const CODE = "7K2M9QXR04TVB8WCYZ3H";
const OTHER_CODE = "BBBBCCCCDDDDEEEEFFFF";
const GROUPS = "7K2M 9QXR 04TV B8WC YZ3H";
const SAVED = "I've saved my Recovery Code";
const start = Date.UTC(2026, 11, 7, 20);
const clinic = {
	clinicId: "harbour-id",
	shortName: "harbour",
	name: "Harbour Physio",
	timeZone: "America/Toronto",
	country: "CA",
	...NEW_CLINIC,
};

let database: FreshDatabase;
let web: Web;
let now: number;
let ids: Map<string, string>;
const keyring = Keyring.newKey("test");
const config = readConfig({
	DATABASE_URL: "sqlite:unused",
	VESTIBULE_KEYS: keyring,
	VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
	VESTIBULE_MAIL_FROM: "no-reply@vestibule.example",
	VESTIBULE_LOG_LEVEL: "silent",
});

/** Whoever holds a person's token is that person; the composer asks the session instead. */
const mount: RecoveryCodeMount = {
	async asking(visit, method) {
		const token = visit.cookies.session;
		const profileId = token && ids.get(token.hash());
		if (!token || profileId === undefined) return goTo(paths.signIn);
		const formToken = token.formToken();
		if (method === "POST" && visit.form.text("form-token") !== formToken) return page(visit, <p>No.</p>, 403);
		const email = `${profileId}@harbour.example`;
		const reader = { name: profileId, email, access: "limited" as const };
		const inside = { ...visit, reader, formToken };
		return {
			visit: inside,
			clinicId: visit.clinic.clinicId,
			profileId,
			sessionId: `session of ${profileId}`,
			leavePath: paths.twoStep,
			personName: profileId,
			email,
		};
	},
	done: async () => goTo(paths.twoStep),
};

beforeEach(async () => {
	database = await freshDatabase();
	now = start;
	ids = new Map();
	const { db } = database;
	const clock = () => now;
	web = createWeb({ config, clock, db });
	recoveryCodeRoutes(web, { config, db, clock, hasher: new Hasher(), log: web.server.log }, mount);
	await inTransaction(db, (tx) => insertClinic(tx, clinic, now));
});
afterEach(async () => {
	await web.server.close();
	await database[Symbol.asyncDispose]();
});

/** Somebody at a browser. */
function person(profileId: string) {
	const token = PlainToken.fresh();
	ids.set(token.hash(), profileId);
	const headers = { cookie: `vestibule-session=${token.reveal()}`, "sec-fetch-site": "same-origin" };
	const open = async (url: string) => {
		const answer = await web.server.inject({ url, headers });
		return { ...read(answer.body), answer };
	};
	const send = async (fields: URLSearchParams) => {
		const answer = await web.server.inject({
			method: "POST",
			url: paths.recoveryCode,
			headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
			payload: fields.toString(),
		});
		return { ...read(answer.body), answer };
	};
	return { profileId, open, send };
}

function read(html: string) {
	const node = parsePage(html);
	const form = elements(node, "form").at(-1);
	const fill = (ticked: boolean) => {
		if (!form) throw new Error("There is no form on this page");
		const [button] = elements(form, "button").filter((each) => attribute(each, "type") === "submit");
		return entriesOf(form, { [SAVED]: ticked }, button as Element);
	};
	const links = elements(node, "a").map((link) => attribute(link, "href"));
	return { text: textOf(node), fill, links };
}

const issue = (profileId: string, code = CODE) =>
	inTransaction(database.db, (tx) =>
		issueRecoveryCode(tx, config.keyring, {
			clinicId: clinic.clinicId,
			profileId,
			sessionId: `session of ${profileId}`,
			prepared: new PreparedCode(code, "hash"),
			now,
		}),
	);
const codeOf = (profileId: string) => findRecoveryCode(database.db, clinic.clinicId, profileId);
const events = () =>
	database.db
		.selectFrom("activity_events")
		.select(["kind", "profile_id", "actor"])
		.where("clinic_id", "=", clinic.clinicId)
		.execute();

test("a new code is shown, can be reloaded and downloaded, and says when it ends and what to do with it", async () => {
	const avery = person("avery");
	await issue("avery");
	for (const _ of ["opened", "reloaded"]) {
		const { text, answer } = await avery.open(paths.recoveryCode);
		expect(answer.statusCode).toBe(200);
		expect(answer.headers["cache-control"]).toBe("no-store");
		expect(text).toContain(GROUPS);
		expect(text).toContain("a password manager, an authenticator app or secure cloud storage");
		expect(text).toContain("it no longer works");
		expect(text).toContain("until 3:15 pm");
	}
	const { answer } = await avery.open(paths.recoveryCodePdf);
	expect(answer.headers).toMatchObject({
		"content-type": "application/pdf",
		"content-disposition": 'attachment; filename="recovery-code-harbour.pdf"',
		"cache-control": "no-store",
	});
	expect(answer.rawPayload.subarray(0, 5).toString()).toBe("%PDF-");
	expect(await events()).toEqual([]);
});

test("Done without the box comes back with a sentence and the code", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	const { text, answer } = await avery.send(fill(false));
	expect(answer.statusCode).toBe(422);
	expect(text).toContain(GROUPS);
	expect(text).toContain("Save your Recovery Code first.");
	expect((await codeOf("avery"))?.savedAt).toBeNull();
	expect(await events()).toEqual([]);
});

test("after Done only the hash is left, and a second Done is harmless", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	now += 1;
	for (const _ of ["first", "second"]) {
		const { answer } = await avery.send(fill(true));
		expect(answer.headers.location).toBe(paths.twoStep);
	}
	expect(await codeOf("avery")).toMatchObject({ hash: "hash", savedAt: now, sealed: undefined });
	expect(await events()).toEqual([{ kind: "recovery-code-saved", profile_id: "avery", actor: "avery" }]);

	const { text, links } = await avery.open(paths.recoveryCode);
	expect(text).toContain("Your Recovery Code can't be shown again");
	expect(text).toContain("You saved it on Mon 7 Dec 2026.");
	expect(text).not.toContain("7K2M");
	expect(links).toContain(paths.newRecoveryCode);
	expect((await avery.open(paths.recoveryCodePdf)).answer.headers.location).toBe(paths.recoveryCode);
});

test("after 15 minutes the code is not shown, nor downloaded, though nobody emptied it", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	now += minutes(15);
	const { text, links } = await avery.open(paths.recoveryCode);
	expect(text).toContain("It was made on Mon 7 Dec 2026 and could be shown for 15 minutes.");
	expect(text).not.toContain("7K2M");
	expect(links).toContain(paths.newRecoveryCode);
	expect((await avery.open(paths.recoveryCodePdf)).answer.headers.location).toBe(paths.recoveryCode);

	expect((await codeOf("avery"))?.sealed).toBeDefined();
	const { text: after } = await avery.send(fill(false));
	expect(after).toContain("can't be shown again");
	expect(await codeOf("avery")).toMatchObject({ savedAt: null, sealed: undefined });
});

test("Done after 15 minutes still says that it was saved", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	now += minutes(16);
	await inTransaction(database.db, (tx) => emptyExpiredCodes(tx, clinic.clinicId, now));
	expect((await avery.send(fill(true))).answer.headers.location).toBe(paths.twoStep);
	expect((await codeOf("avery"))?.savedAt).toBe(now);
});

test("Done on the page of an earlier code does not speak for the code that followed", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	await issue("avery", OTHER_CODE);
	const { text, answer } = await avery.send(fill(true));
	expect(answer.statusCode).toBe(422);
	expect(text).toContain("The earlier one no longer works: save this one.");
	expect(text).toContain("BBBB CCCC DDDD EEEE FFFF");
	expect((await codeOf("avery"))?.savedAt).toBeNull();
	expect(await events()).toEqual([]);
});

test("a code that was spent meanwhile is gone, and Done saves nothing", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	const codeId = (await codeOf("avery"))?.codeId ?? "";
	await inTransaction(database.db, (tx) => spendRecoveryCode(tx, clinic.clinicId, "avery", codeId));
	expect((await avery.send(fill(true))).text).toContain("You have no Recovery Code");
	expect(await events()).toEqual([]);
});

test("nobody reaches another person's code, also not with its form", async () => {
	const avery = person("avery");
	const blake = person("blake");
	await issue("avery");
	const averys = (await avery.open(paths.recoveryCode)).fill(true);
	for (const url of [
		paths.recoveryCode,
		`${paths.recoveryCode}?profile=avery&code-id=${averys.get("code-id")}`,
	]) {
		const { text } = await blake.open(url);
		expect(text).toContain("You have no Recovery Code");
		expect(text).not.toContain("7K2M");
	}
	expect((await blake.open(paths.recoveryCodePdf)).answer.headers.location).toBe(paths.recoveryCode);

	await issue("blake", OTHER_CODE);
	const blakes = (await blake.open(paths.recoveryCode)).fill(true);
	blakes.set("code-id", averys.get("code-id") ?? "");
	const { text } = await blake.send(blakes);
	expect(text).not.toContain("7K2M");
	expect((await codeOf("avery"))?.savedAt).toBeNull();
	expect((await codeOf("blake"))?.savedAt).toBeNull();
});

test("without a session, or with the form of another one, nothing is shown or saved", async () => {
	const avery = person("avery");
	await issue("avery");
	const { fill } = await avery.open(paths.recoveryCode);
	for (const url of [paths.recoveryCode, paths.recoveryCodePdf]) {
		expect((await web.server.inject({ url })).headers.location).toBe(paths.signIn);
	}
	const fields = fill(true);
	fields.set("form-token", PlainToken.fresh().formToken());
	expect((await avery.send(fields)).answer.statusCode).toBe(403);
	expect((await codeOf("avery"))?.savedAt).toBeNull();
});

test("looking at the page changes nothing", async () => {
	const avery = person("avery");
	await issue("avery");
	const before = database.statements.length;
	await avery.open(paths.recoveryCode);
	await avery.open(paths.recoveryCodePdf);
	now += minutes(15);
	await avery.open(paths.recoveryCode);
	const sent = database.statements.slice(before);
	expect(sent.length).toBeGreaterThan(0);
	expect(sent.filter((statement) => !statement.startsWith("select "))).toEqual([]);
});
