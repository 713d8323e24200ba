import fastify from "fastify";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { elements, parsePage, textOf } from "../../test/harness/html.ts";
import { insertClinic } from "../clinics/store.ts";
import { readConfig } from "../config.ts";
import { Hasher } from "../crypto/hasher.ts";
import { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import { inTransaction } from "../db/transaction.ts";
import { textSender } from "../delivery/hand-over-text.ts";
import { queueEmail, queueText } from "../delivery/outbox.ts";
import { findMessage } from "../delivery/store.ts";
import { startWorker } from "../delivery/worker.ts";
import { paths } from "../paths.ts";
import { createWeb } from "../web/server.tsx";
import { en } from "../words/en.ts";
import { demoInboxRoutes } from "./inbox-routes.tsx";
import { inboxProvider, inboxSender } from "./inbox-sender.ts";

const AVERY = "avery@harbour.example";
const JORDAN = "jordan+desk@harbour.example";

test("the inbox says what to do while there is no message", async () => {
	await using demo = await startDemo();
	const { status, html } = await demo.open();
	expect(status).toBe(200);
	expect(html).toContain(en.demoInbox.empty);
	expect(html).not.toContain("<details");
});

test("the inbox shows every message, the newest first, with its links", async () => {
	await using demo = await startDemo();
	await demo.invite(AVERY, "Avery Chen", "http://localhost:3000/forgot-password/set/for-avery");
	await demo.invite(JORDAN, "Łukasz <Żak>", "http://localhost:3000/forgot-password/set/for-jordan");
	const { html, text } = await demo.open();
	expect(text.indexOf(`Email to ${JORDAN}`)).toBeGreaterThan(0);
	expect(text.indexOf(`Email to ${AVERY}`)).toBeGreaterThan(text.indexOf(`Email to ${JORDAN}`));
	// To whom it is can be read while it is closed.
	const [summary] = elements(parsePage(html), "summary").map(textOf);
	expect(summary).toBe(`Set your password – Harbour Physio to ${JORDAN}`);
	expect(text).toContain("Mon 8 Jun 2026, 2:05 pm");
	expect(html).toContain("Hello Łukasz &lt;Żak&gt;,".replace("&gt;", ">"));
	expect(html).toContain('<a href="http://localhost:3000/forgot-password/set/for-jordan">');
});

test("only addresses of this site can be clicked", async () => {
	await using demo = await startDemo();
	await demo.invite(AVERY, "Avery", "https://evil.example/forgot-password/set/a");
	await demo.invite(AVERY, "Avery", "javascript:alert(1)");
	await demo.invite(AVERY, "Avery", "http://localhost:3000.evil.example/a");
	const { html } = await demo.open();
	expect(html).toContain("https://evil.example/forgot-password/set/a");
	expect(html).not.toMatch(/href="(https:\/\/evil|javascript:|http:\/\/localhost:3000\.evil)/);
});

test("one person's messages can be seen alone", async () => {
	await using demo = await startDemo();
	await demo.invite(AVERY, "Avery", "http://localhost:3000/a");
	await demo.invite(JORDAN, "Jordan", "http://localhost:3000/b");
	const { html: everybody } = await demo.open();
	const link = `${paths.demoInbox}?to=jordan%2Bdesk%40harbour.example`;
	expect(everybody).toContain(`href="${link}"`);
	const { text } = await demo.open(link);
	expect(text).toContain(`Email to ${JORDAN}`);
	expect(text).not.toContain(`Email to ${AVERY}`);
	const { html: nobody } = await demo.open(`${paths.demoInbox}?to=nobody`);
	expect(nobody).toContain("There is no message to nobody yet.");
});

test("a message that the outbox sends twice is there once", async () => {
	await using demo = await startDemo();
	const send = inboxSender(demo.db, () => 0);
	const message = {
		clinicId: "clinic-1",
		messageId: "message-1",
		kind: "invitation" as const,
		to: AVERY,
		email: { subject: "Once", paragraphs: ["Hello", "This is about Harbour Physio"] },
		madeAt: 0,
	};
	expect(await send(message)).toEqual({ kind: "sent" });
	expect(await send(message)).toEqual({ kind: "sent" });
	expect((await demo.open()).html.match(/<summary><span>Once /g)).toHaveLength(1);
});

test("a text message is in the inbox, and delivered at once", async () => {
	await using demo = await startDemo();
	const messageId = await demo.text("+16045550101", "482913 is your code.\n\n@localhost #482913");
	const { html } = await demo.open();
	expect(html).toContain("Text message to +16045550101");
	expect(html).toContain("<summary><span>482913 is your code. <span");
	expect(html).toContain("@localhost #482913");
	expect(await findMessage(demo.db, "clinic-1", messageId)).toEqual({
		state: "delivered",
		provider: "inbox",
	});
});

test("without the demo there is no inbox", async () => {
	await using demo = await startDemo({ isDemo: false });
	expect((await demo.open()).status).toBe(404);
});

/** The demo's inbox page of Harbour Physio. */
async function startDemo({ isDemo = true } = {}) {
	const database = await freshDatabase();
	const { db, url } = database;
	const settings = {
		DATABASE_URL: url,
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_SUPPORT_EMAIL: "privacy@harbour.example",
		VESTIBULE_MAIL_FROM: "no-reply@harbour.example",
		VESTIBULE_LOG_LEVEL: "silent",
	};
	const config = readConfig(settings, { demo: isDemo });
	let now = Date.UTC(2026, 5, 8, 21, 5);
	const clock = () => now;
	const log = fastify({ logger: false }).log;
	await inTransaction(db, (tx) =>
		insertClinic(
			tx,
			{
				clinicId: "clinic-1",
				shortName: "harbour",
				name: "Harbour Physio",
				timeZone: "America/Vancouver",
				country: "CA",
			},
			now,
		),
	);
	const web = createWeb({ config, clock, db });
	demoInboxRoutes(web, { config, db, clock, hasher: new Hasher(), log });
	const senders = {
		email: inboxSender(db, clock),
		text: textSender([inboxProvider(db, clock)], clock, () => ""),
	};
	const worker = startWorker({ db, config, clock, log, senders });
	return {
		db,
		async open(path: string = paths.demoInbox) {
			const answer = await web.server.inject({ url: path });
			return { status: answer.statusCode, html: answer.body, text: textOf(parsePage(answer.body)) };
		},
		async invite(to: string, personName: string, link: string) {
			now += 1;
			await inTransaction(db, (tx) =>
				queueEmail(tx, config.keyring, {
					clinicId: "clinic-1",
					profileId: null,
					to,
					kind: "invitation",
					email: en.emails.invitation({
						clinicName: "Harbour Physio",
						personName,
						url: link,
						invitedBy: undefined,
					}),
					now,
				}),
			);
			await worker.drain();
		},
		async text(to: string, text: string): Promise<string> {
			now += 1;
			const messageId = newId(now);
			const queued = { clinicId: "clinic-1", profileId: "profile-avery", messageId, to, text };
			await inTransaction(db, (tx) =>
				queueText(tx, config.keyring, { ...queued, kind: "sign-in-code", now, expiresAt: now + 300_000 }),
			);
			await worker.drain();
			return messageId;
		},
		async [Symbol.asyncDispose]() {
			await worker.stop();
			await web.server.close();
			await database[Symbol.asyncDispose]();
		},
	};
}
