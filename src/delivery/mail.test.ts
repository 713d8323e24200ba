import fastify from "fastify";
import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import { type MailServer, startMailServer } from "../../test/harness/mail-server.ts";
import { days, seconds } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import { en } from "../words/en.ts";
import { smtpSender } from "./mail.ts";
import { queueEmail } from "./outbox.ts";
import type { OutgoingEmail } from "./send.ts";
import { startWorker } from "./worker.ts";

const URL_IN_LINK = "https://sign-in.harbour.example/forgot-password/set/a-token?b=1&c=<2>";
const MADE_AT = Date.UTC(2026, 5, 8, 21, 5);
const CONFIG = {
	url: new URL("https://sign-in.harbour.example"),
	mailFrom: "Harbour Physio <no-reply@harbour.example>",
};

test("an email arrives as text and as HTML that say the same", async () => {
	await using server = await startMailServer();
	expect(await send(server, {})).toEqual({ kind: "sent" });
	const [mail] = server.received;
	expect(mail?.to).toEqual(["lukasz@harbour.example"]);
	expect(mail?.from).toBe("Harbour Physio <no-reply@harbour.example>");
	expect(mail?.headers.get("to")).toBe("lukasz@harbour.example");
	expect(mail?.subject).toBe("Choose a new password – Zażółć Physio");
	expect(mail?.headers.get("date")).toBe("Mon, 08 Jun 2026 21:05:00 +0000");
	for (const part of [mail?.text, mail?.html]) {
		expect(part).toContain("Hello Łukasz Żak,");
		expect(part).toContain("Mon 8 Jun 2026, 2:05 pm Vancouver time, with Safari on iPhone");
		expect(part).toContain("This is about your staff profile at Zażółć Physio.");
	}
	expect(mail?.text).toContain(`Choose a new password:\n${URL_IN_LINK}\n`);
	expect(mail?.html).toContain(`href="${URL_IN_LINK.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}`);
});

test("an email says that a machine wrote it, and which one it is at every try", async () => {
	await using server = await startMailServer();
	await send(server, {});
	await send(server, {});
	const [first, second] = server.received;
	expect(first?.headers.get("message-id")).toBe(
		"<01999999-0000-7000-8000-000000000001@sign-in.harbour.example>",
	);
	expect(second?.headers.get("message-id")).toBe(first?.headers.get("message-id"));
	expect(first?.headers.get("auto-submitted")).toBe("auto-generated");
	expect(first?.headers.get("x-auto-response-suppress")).toBe("All");
});

test("the HTML loads nothing from anywhere and escapes what people are called", async () => {
	await using server = await startMailServer();
	await send(server, { personName: `<img src="https://evil.example/a.gif"> & "Avery"` });
	const [mail] = server.received;
	expect(mail?.html).not.toMatch(/<(img|script|link|iframe|style)|url\(/i);
	expect(mail?.html).toContain("&lt;img src=");
	expect(mail?.html.match(/(href|src)="[^"]*/g)).toEqual([
		expect.stringContaining('href="https://sign-in.harbour.example/'),
	]);
	expect(mail?.html).toContain('<meta name="color-scheme" content="light dark"');
});

test("the HTML is one that Outlook draws as others do: no unit but pixels, and its button a cell with a colour", async () => {
	await using server = await startMailServer();
	await send(server, {});
	const html = server.received[0]?.html ?? "";
	expect(html).not.toMatch(/\d(r?em|ch|vw)\b/);
	expect(html).toMatch(/<td style="background:#0b6a68;[^"]*mso-padding-alt:[^"]*"><a href=/);
});

test("a name or subject cannot add a header, a recipient or a second message", async () => {
	await using server = await startMailServer();
	const evil = "Physio\r\nBcc: thief@evil.example\r\n\r\nFree text\n.\nRCPT TO:<thief@evil.example>\u2028x";
	await send(server, { clinicName: evil, personName: evil });
	expect(server.received).toHaveLength(1);
	const [mail] = server.received;
	expect(mail?.to).toEqual(["lukasz@harbour.example"]);
	expect(mail?.headers.get("bcc")).toBeUndefined();
	expect(mail?.subject).toBe(
		"Choose a new password – Physio Bcc: thief@evil.example Free text . RCPT TO:<thief@evil.example> x",
	);
});

test.each([
	"avery@harbour.example\r\nBcc: thief@evil.example",
	"avery@harbour.example\nRCPT TO:<thief@evil.example>",
	"avery@harbour.example, thief@evil.example",
	"avery@harbour.example;thief@evil.example",
	"avery@harbour.example thief@evil.example",
	"Avery <avery@harbour.example>",
	"<avery@harbour.example>",
	'"thief@evil.example,"@harbour.example',
	"avery@harbour.example@evil.example",
	"avery@harbour.example\u0000",
	"avery",
	"",
])("nothing is sent to %j, which is not one address", async (to) => {
	await using server = await startMailServer();
	expect(await send(server, { to })).toEqual({ kind: "refused", reason: "Not an email address" });
	expect(server.attempts()).toBe(0);
});

test("a mailbox that the server refuses for good is not tried again, one it refuses for now is", async () => {
	await using server = await startMailServer();
	server.answerRecipient({ code: 550, text: "5.1.1 no lukasz@harbour.example here" });
	expect(await send(server, {})).toEqual({
		kind: "refused",
		reason: "The mail server answered 550 5.1.1 to RCPT TO",
	});
	server.answerRecipient({ code: 450, text: "4.2.1 come back later" });
	expect(await send(server, {})).toEqual({
		kind: "failed",
		reason: "The mail server answered 450 4.2.1 to RCPT TO",
	});
	expect(server.received).toEqual([]);
});

test("what the server says of a message is kept as its numbers only", async () => {
	await using server = await startMailServer();
	server.answerMessage({ code: 554, text: `5.7.1 spam: ${URL_IN_LINK}` });
	expect(await send(server, {})).toEqual({
		kind: "refused",
		reason: "The mail server answered 554 5.7.1 to DATA",
	});
	server.answerMessage({ code: 451, text: URL_IN_LINK });
	expect(await send(server, {})).toEqual({ kind: "failed", reason: "The mail server answered 451 to DATA" });
});

test("a login that is refused is the operator's to mend: the email is tried again", async () => {
	await using server = await startMailServer();
	server.answerLogin({ code: 535, text: "5.7.8 wrong password" });
	const outcome = await send(server, {}, server.url.replace("//", "//vestibule:wrong@"));
	expect(outcome).toMatchObject({ kind: "failed", reason: expect.stringContaining("535") });
	expect(JSON.stringify(outcome)).not.toContain("wrong");
});

test("a server elsewhere must encrypt, unless SMTP_URL says otherwise", async () => {
	await using server = await startMailServer();
	expect(await send(server, {})).toEqual({ kind: "sent" });
	// Another name for this machine, which the sender cannot know to be one.
	const elsewhere = `smtp://0.0.0.0:${server.port}`;
	expect(await send(server, {}, elsewhere)).toMatchObject({ kind: "failed" });
	expect(server.received).toHaveLength(1);
	expect(await send(server, {}, `${elsewhere}/?requireTLS=false`)).toEqual({ kind: "sent" });
});

test("a server elsewhere must show a certificate that others vouch for, one on this machine need not", async () => {
	await using server = await startMailServer({ offersTls: true });
	expect(await send(server, {}, `smtp://0.0.0.0:${server.port}`)).toMatchObject({ kind: "failed" });
	expect(server.received).toEqual([]);
	expect(await send(server, {})).toEqual({ kind: "sent" });
});

test("emails queued while the mail server is down arrive when it is up again", async () => {
	await using database = await freshDatabase();
	const keyring = new Keyring(Keyring.newKey("test"));
	let now = MADE_AT;
	const port = await unusedPort();
	const mail = smtpSender(CONFIG, `smtp://127.0.0.1:${port}`);
	const worker = startWorker({
		db: database.db,
		config: { keyring },
		clock: () => now,
		log: fastify({ logger: false }).log,
		senders: { email: mail.send, text: undefined },
	});
	try {
		await inTransaction(database.db, async (tx) => {
			for (const name of ["avery", "jordan", "sam"]) {
				const to = `${name}@harbour.example`;
				const { kind, email } = message({ to });
				await queueEmail(tx, keyring, { clinicId: "clinic-1", profileId: name, to, kind, email, now });
			}
		});
		await worker.drain();
		const waiting = await outboxOf(database.db);
		expect(waiting).toHaveLength(3);
		for (const row of waiting) {
			expect(row).toMatchObject({ state: "waiting", tries: 1 });
			expect(row.last_error).toBe("No answer from the mail server: ESOCKET");
		}

		await using server = await startMailServer({ port });
		await using _connections = { [Symbol.asyncDispose]: async () => mail.close() };
		now += seconds(5);
		await worker.drain();
		expect(server.received.map(({ to }) => to[0]).sort()).toEqual([
			"avery@harbour.example",
			"jordan@harbour.example",
			"sam@harbour.example",
		]);
		now += days(1);
		await worker.drain();
		expect(server.received).toHaveLength(3);
		expect((await outboxOf(database.db)).map(({ state }) => state)).toEqual(["sent", "sent", "sent"]);
	} finally {
		await worker.stop();
	}
});

type Db = Awaited<ReturnType<typeof freshDatabase>>["db"];

function outboxOf(db: Db) {
	return db.selectFrom("outbox").selectAll().where("clinic_id", "=", "clinic-1").execute();
}

type Changed = { to?: string; clinicName?: string; personName?: string };

function message({ to, clinicName, personName }: Changed): OutgoingEmail {
	return {
		clinicId: "clinic-1",
		messageId: "01999999-0000-7000-8000-000000000001",
		kind: "password-link",
		to: to ?? "lukasz@harbour.example",
		email: en.emails.passwordLink({
			clinicName: clinicName ?? "Zażółć Physio",
			personName: personName ?? "Łukasz Żak",
			when: MADE_AT,
			timeZone: "America/Vancouver",
			where: { browserName: "Safari on iPhone", address: "203.0.113.9" },
			url: URL_IN_LINK,
		}),
		madeAt: MADE_AT,
	};
}

async function send(server: MailServer, changed: Changed, smtpUrl = server.url) {
	const mail = smtpSender(CONFIG, smtpUrl);
	return mail.send(message(changed)).finally(mail.close);
}

async function unusedPort(): Promise<number> {
	await using server = await startMailServer();
	return server.port;
}
