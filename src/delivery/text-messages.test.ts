import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { SmsGateway } from "../../test/harness/sms-gateway.ts";
import { TwilioStandIn } from "../../test/harness/twilio-stand-in.ts";
import { minutes, seconds } from "../clock.ts";
import { newId } from "../db/ids.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueText } from "./outbox.ts";
import { receiptAddress } from "./receipt-routes.ts";
import { findMessage } from "./store.ts";

const CLINIC = "clinic-1";
const AVERY = "profile-avery";
const NUMBER = "+16045550101";
const TEXT = "482913 is your Harbour Physio security code. Never share it.\n\n@localhost #482913";
const CODE_LIVES = minutes(5) + seconds(15);

test("a text message is with the provider within a second of its commit", async () => {
	await using phone = await startTexting("twilio");
	await wait(1_500);
	const id = await phone.queue();
	const committedAt = Date.now();
	await until(() => phone.twilio.askedAt.length === 1);
	expect((phone.twilio.askedAt[0] ?? 0) - committedAt).toBeLessThan(1_000);
	await until(async () => (await phone.state(id))?.state === "sent");
	expect(phone.twilio.messages).toMatchObject([
		{
			to: NUMBER,
			from: "+16045550199",
			body: TEXT,
			statusCallback: receiptAddress(phone.app.deps, "twilio", { clinicId: CLINIC, messageId: id }),
		},
	]);
});

test("a text message is there if the change that causes it is, and only then", async () => {
	await using phone = await startTexting("twilio");
	const change = inTransaction(phone.app.db, async (tx) => {
		await queueText(tx, phone.app.deps.config.keyring, phone.aText({}));
		throw new Error("the change failed");
	});
	await expect(change).rejects.toThrow("the change failed");
	await phone.drain();
	expect(phone.twilio.askedAt).toEqual([]);
});

test("a provider drops a text message when its code ends, wherever it waits", async () => {
	await using phone = await startTexting("twilio,http");
	await phone.queue();
	await phone.drain();
	phone.twilio.behave({ kind: "refuses", status: 500 });
	const id = await phone.queue();
	await phone.drain();
	expect(phone.twilio.messages[0]?.validityPeriod).toBeLessThanOrEqual(CODE_LIVES / 1000);
	expect(phone.twilio.messages[0]?.validityPeriod).toBeGreaterThan(CODE_LIVES / 1000 - 5);
	expect(phone.gateway.texts).toMatchObject([
		{ id, to: NUMBER, text: TEXT, expiresAt: new Date(phone.endOf(id)).toISOString() },
	]);
});

test("when the first provider cannot be reached, the second takes it in the same try", async () => {
	await using phone = await startTexting("twilio,http");
	await phone.twilio[Symbol.asyncDispose]();
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	expect(await phone.tries(id)).toMatchObject([
		{ try: 1, provider: "http", outcome: "taken", reason: null },
		{ try: 1, provider: "twilio", outcome: "no-answer", reason: "twilio did not answer: TypeError" },
	]);
});

test("when the first provider hangs, the text message is with the second within 5 s", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "hangs" });
	await phone.queue();
	await phone.drain();
	const [asked = 0] = phone.twilio.askedAt;
	const [taken = 0] = phone.gateway.askedAt;
	expect(taken - asked).toBeGreaterThan(3_500);
	expect(taken - asked).toBeLessThan(5_000);

	// The next one does not wait for it again.
	await phone.queue();
	await phone.drain();
	expect(phone.twilio.askedAt).toHaveLength(1);
	expect(phone.gateway.texts).toHaveLength(2);
	phone.app.clock.forward(seconds(31));
	phone.twilio.behave({ kind: "takes" });
	await phone.queue();
	await phone.drain();
	expect(phone.twilio.messages).toHaveLength(1);
});

test.each([
	["has too much to do", { status: 429, code: 20429 }],
	["is in trouble", { status: 500, code: 20500 }],
	["does not know us", { status: 401, code: 20003 }],
])("when the first provider %s, the second takes it at once", async (_what, refusal) => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "refuses", ...refusal });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	expect(phone.gateway.textsTo(NUMBER)).toHaveLength(1);
});

test("a provider that asks for a wait is left alone until then", async () => {
	await using phone = await startTexting("twilio");
	phone.twilio.behave({ kind: "refuses", status: 429, code: 20429, retryAfter: 40 });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "waiting", provider: undefined });
	phone.twilio.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(39));
	await phone.drain();
	expect(phone.twilio.askedAt).toHaveLength(1);
	phone.app.clock.forward(seconds(2));
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "twilio" });
});

test("while every provider is in trouble it is tried again after waits that grow, and dropped at the end of its use", async () => {
	await using phone = await startTexting("twilio");
	phone.twilio.behave({ kind: "refuses", status: 503 });
	const queuedAt = phone.app.clock.now();
	const id = await phone.queue();
	for (let passed = 0; passed < CODE_LIVES; passed += 500) {
		await phone.drain();
		phone.app.clock.forward(500);
	}
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "dropped", provider: undefined, why: "expired" });
	const askedAt = (await phone.tries(id)).map(({ at }) => at - queuedAt);
	const waits = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
	expect(waits.map((ms) => Math.floor(ms / 1000))).toEqual([2, 5, 15, 30, 60, 60, 60, 60]);
	expect(Math.max(...askedAt)).toBeLessThan(CODE_LIVES - seconds(15));
	expect(await phone.outbox(id)).toMatchObject({ state: "dead", sealed_body: null });
});

test("what nobody will take is given up at once", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "refuses", status: 401, code: 20003 });
	phone.gateway.behave({ kind: "refuses", status: 400 });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "failed", provider: undefined, why: "providers" });
	expect(await phone.outbox(id)).toMatchObject({
		state: "dead",
		last_error: "Twilio answered 401, error 20003; The gateway answered 400",
	});
});

test("one provider refused for good, the other one is asked again alone", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "refuses", status: 400, code: 21408 });
	phone.gateway.behave({ kind: "refuses", status: 503 });
	const id = await phone.queue();
	await phone.drain();
	phone.gateway.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(3));
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	expect(phone.twilio.askedAt).toHaveLength(1);
});

test.each([21211, 21610, 21614])(
	"a number that cannot receive (%i) is not tried elsewhere, and that is said",
	async (code) => {
		await using phone = await startTexting("twilio,http");
		phone.twilio.behave({ kind: "refuses", status: 400, code });
		const id = await phone.queue();
		await phone.drain();
		expect(await phone.state(id)).toMatchObject({ state: "failed", why: "number-cannot-receive" });
		expect(phone.gateway.askedAt).toEqual([]);
	},
);

test.each([
	["number-cannot-receive", { state: "failed", why: "number-cannot-receive" }],
	["stop", { state: "failed", why: "providers" }],
	["try-another", { state: "sent", provider: "twilio" }],
	["wait", { state: "sent", provider: "twilio" }],
])("a gateway that says %s is understood, whatever its status", async (error, state) => {
	await using phone = await startTexting("http,twilio");
	phone.gateway.behave({ kind: "refuses", status: 422, error });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toMatchObject(state);
});

test("a message that is sent again starts with the provider that was not used last", async () => {
	await using phone = await startTexting("twilio,http");
	const first = await phone.queue();
	await phone.drain();
	const provider = (await phone.state(first))?.provider;
	expect(provider).toBe("twilio");
	const second = await phone.queue({ avoid: provider });
	await phone.drain();
	expect(await phone.state(second)).toEqual({ state: "sent", provider: "http" });
	phone.gateway.behave({ kind: "refuses", status: 503 });
	const third = await phone.queue({ avoid: provider });
	await phone.drain();
	expect(await phone.state(third)).toEqual({ state: "sent", provider: "twilio" });
});

test("a code that has all but ended when the outbox is looked at is dropped, not sent late", async () => {
	await using phone = await startTexting("twilio");
	const id = await phone.queue({ expiresAt: phone.app.clock.now() + seconds(14) });
	const soon = await phone.queue({ expiresAt: phone.app.clock.now() + seconds(58) });
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "dropped", provider: undefined, why: "expired" });
	expect(await phone.state(soon)).toEqual({ state: "sent", provider: "twilio" });
	expect(phone.twilio.askedAt).toHaveLength(1);
});

test("a code that ends while the first provider hangs is not handed to the second", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "hangs" });
	const id = await phone.queue();
	const sending = phone.drain();
	await until(() => phone.twilio.askedAt.length === 1);
	phone.app.clock.forward(CODE_LIVES);
	await sending;
	expect(phone.gateway.askedAt).toEqual([]);
	expect(await phone.state(id)).toEqual({ state: "dropped", provider: undefined, why: "expired" });
	expect(await phone.tries(id)).toMatchObject([{ provider: "twilio", outcome: "no-answer" }]);
});

test("what a provider took without answering is found there, and not sent a second time", async () => {
	await using phone = await startTexting("twilio");
	await phone.queue();
	await phone.drain();
	phone.app.clock.forward(seconds(30));
	phone.twilio.behave({ kind: "takes and breaks off" });
	// The same code to the same number: its forerunner is not taken for it.
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toMatchObject({ state: "waiting" });
	phone.twilio.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(3));
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "twilio" });
	expect(phone.twilio.messages).toHaveLength(2);

	phone.app.clock.forward(seconds(30));
	phone.twilio.behave({ kind: "breaks off" });
	const another = await phone.queue();
	await phone.drain();
	phone.twilio.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(3));
	await phone.drain();
	expect(await phone.state(another)).toEqual({ state: "sent", provider: "twilio" });
	expect(phone.twilio.messages).toHaveLength(3);
});

test("a gateway that took a message without answering is asked again and sends it once", async () => {
	await using phone = await startTexting("http");
	phone.gateway.behave({ kind: "takes and breaks off" });
	const id = await phone.queue();
	await phone.drain();
	phone.gateway.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(3));
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	expect(phone.gateway.askedAt).toHaveLength(2);
	expect(phone.gateway.texts).toHaveLength(1);
});

test("its text is sealed while it waits and gone once it is sent, and no number or code is recorded or logged", async () => {
	await using phone = await startTexting("twilio");
	phone.twilio.behave({ kind: "refuses", status: 503 });
	const id = await phone.queue();
	await phone.drain();
	expect((await phone.outbox(id))?.sealed_body).toMatch(/^test\./);
	phone.twilio.behave({ kind: "takes" });
	phone.app.clock.forward(seconds(3));
	await phone.drain();
	expect(await phone.outbox(id)).toMatchObject({ state: "sent", sealed_body: null });
	const kept = JSON.stringify([await phone.tries(id), await phone.events()]);
	expect(kept).not.toMatch(/482913|5550101/);
	expect(await phone.events()).toMatchObject([
		{ kind: "message-sent", detail: JSON.stringify({ messageKind: "sign-in-code", channel: "text" }) },
	]);
});

test("a provider that quotes the message in its refusal is kept as its numbers only", async () => {
	await using phone = await startTexting("twilio");
	phone.twilio.behave({ kind: "refuses", status: 400, code: 21408 });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.outbox(id)).toMatchObject({ last_error: "Twilio answered 400, error 21408" });
});

test.each([
	[["sent", "delivered"], { state: "delivered", provider: "twilio" }],
	[["delivered", "sent"], { state: "delivered", provider: "twilio" }],
	[["queued", "delivered", "sent", "delivered", "queued"], { state: "delivered", provider: "twilio" }],
	[["undelivered", "sent", "undelivered"], { state: "failed", provider: "twilio", why: "carrier" }],
	[["sent", "undelivered"], { state: "failed", provider: "twilio", why: "carrier" }],
	[["sent", "sent"], { state: "sent", provider: "twilio" }],
	[["receiving"], { state: "sent", provider: "twilio" }],
])("receipts %j end in one true state", async (statuses, state) => {
	await using phone = await startTexting("twilio");
	const id = await phone.queue();
	await phone.drain();
	const [message] = phone.twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	for (const status of statuses) {
		expect(await phone.twilio.report(message, status, status === "undelivered" ? 30003 : undefined)).toBe(
			204,
		);
	}
	expect(await phone.state(id)).toEqual(state);
	expect(await phone.events()).toHaveLength(1);
});

test("whatever both providers and their carriers do, a message ends in exactly one state, and a true one", async () => {
	await using phone = await startTexting("twilio,http");
	const { twilio, gateway, app } = phone;
	const manners = [
		{ kind: "takes" },
		{ kind: "refuses", status: 429, code: 20429, error: "wait" },
		{ kind: "refuses", status: 500 },
		{ kind: "refuses", status: 400, code: 21211, error: "number-cannot-receive" },
		{ kind: "refuses", status: 400, code: 21617, error: "stop" },
		{ kind: "takes and breaks off" },
	] as const;
	const carriers = ["deliver", "fail", "say nothing"] as const;
	let messages = 0;
	for (const first of manners) {
		for (const second of manners) {
			twilio.behave(first);
			gateway.behave(second);
			const asked = new Map<(typeof carriers)[number], { id: string; text: string }>();
			for (const carrier of carriers) {
				const text = TEXT.replaceAll("482913", String(100_000 + messages++));
				asked.set(carrier, { id: await phone.queue({ text }), text });
			}
			for (let passed = 0; passed <= CODE_LIVES; passed += minutes(2)) {
				await phone.drain();
				app.clock.forward(minutes(2));
			}
			await phone.drain();
			for (const [carrier, { id, text }] of asked) {
				const about = `first ${JSON.stringify(first)}, then ${JSON.stringify(second)}, carriers ${carrier}`;
				const byTwilio = twilio.messages.filter(({ body }) => body === text);
				const byGateway = gateway.texts.filter((one) => one.text === text);
				if (carrier !== "say nothing") {
					const [status, state] =
						carrier === "deliver" ? ["delivered", "delivered"] : ["undelivered", "failed"];
					// Twice, and what came before last.
					for (const now of [status, status, "sent"]) {
						for (const one of byTwilio) expect(await twilio.report(one, now)).toBe(204);
					}
					for (const now of [state, state, "sent"]) {
						for (const one of byGateway) expect(await gateway.report(one, now)).toBe(204);
					}
				}
				const isTaken = byTwilio.length + byGateway.length > 0;
				const { state } = (await phone.state(id)) ?? {};
				if (!isTaken) expect(["failed", "dropped"], about).toContain(state);
				else if (carrier === "deliver") expect(state, about).toBe("delivered");
				else if (carrier === "fail") expect(["failed", "dropped"], about).toContain(state);
				else expect(["sent", "failed", "dropped"], about).toContain(state);
				// Nothing waits, nothing is kept of what it said, and how it ended was recorded once.
				expect(await phone.outbox(id), about).toMatchObject({ sealed_body: null });
				expect((await phone.outbox(id))?.state, about).not.toBe("waiting");
			}
		}
	}
	expect(await phone.events()).toHaveLength(messages);
});

test("a provider that is slow and answers after all is not asked twice, and no other one is asked", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.delayMs = () => 2_500;
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "twilio" });
	expect(phone.twilio.messages).toHaveLength(1);
	expect(phone.gateway.askedAt).toEqual([]);
});

test("a carrier that does not know the number says so in its receipt", async () => {
	await using phone = await startTexting("twilio,http");
	const id = await phone.queue();
	await phone.drain();
	const [message] = phone.twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	expect(await phone.twilio.report(message, "undelivered", 30006)).toBe(204);
	expect(await phone.state(id)).toEqual({
		state: "failed",
		provider: "twilio",
		why: "number-cannot-receive",
	});
});

test("a gateway's receipts tell what became of a message", async () => {
	await using phone = await startTexting("http");
	const id = await phone.queue();
	await phone.drain();
	const [text] = phone.gateway.texts;
	if (!text) throw new Error("Nothing was sent");
	expect(await phone.gateway.report(text, "queued somewhere")).toBe(204);
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	const failed = { why: "number-cannot-receive", code: "EC-17" };
	expect(await phone.gateway.report(text, "failed", failed)).toBe(204);
	expect(await phone.state(id)).toEqual({ state: "failed", provider: "http", why: "number-cannot-receive" });
	expect(await phone.gateway.report(text, "delivered")).toBe(204);
	expect(await phone.gateway.report(text, "failed", failed)).toBe(204);
	expect(await phone.state(id)).toEqual({ state: "delivered", provider: "http" });
});

test("a receipt that comes without the provider's answer is believed, and the message is not sent again", async () => {
	await using phone = await startTexting("twilio");
	phone.twilio.behave({ kind: "takes and breaks off" });
	const id = await phone.queue();
	await phone.drain();
	expect(await phone.state(id)).toEqual({ state: "waiting", provider: undefined });
	const [message] = phone.twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	expect(await phone.twilio.report(message, "delivered")).toBe(204);
	expect(await phone.state(id)).toEqual({ state: "delivered", provider: "twilio" });
	phone.app.clock.forward(minutes(1));
	await phone.drain();
	expect(phone.twilio.askedAt).toHaveLength(1);
	expect(await phone.state(id)).toEqual({ state: "delivered", provider: "twilio" });
	expect(await phone.outbox(id)).toMatchObject({ state: "sent", sealed_body: null });
	expect(await phone.events()).toHaveLength(1);
});

test("of two providers that have a message, the one that delivers it counts", async () => {
	await using phone = await startTexting("twilio,http");
	phone.twilio.behave({ kind: "takes and breaks off" });
	const id = await phone.queue();
	await phone.drain();
	const [message] = phone.twilio.messages;
	const [text] = phone.gateway.texts;
	if (!message || !text) throw new Error("It was not sent twice");
	expect(await phone.state(id)).toEqual({ state: "sent", provider: "http" });
	await phone.gateway.report(text, "failed");
	expect(await phone.state(id)).toMatchObject({ state: "failed", provider: "http" });
	await phone.twilio.report(message, "delivered");
	expect(await phone.state(id)).toEqual({ state: "delivered", provider: "twilio" });
});

test("a receipt is known as Twilio's whether it signed the address with its port or without", async () => {
	await using phone = await startTexting("twilio");
	const id = await phone.queue();
	await phone.drain();
	const { twilio } = phone;
	const [message] = twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	const address = message.statusCallback;
	const withoutPort = address.replace(/:\d+\//, "/");
	expect(withoutPort).not.toBe(address);
	for (const [written, status] of [
		[withoutPort, "sent"],
		[address, "delivered"],
	] as const) {
		const form = new URLSearchParams({ MessageSid: message.sid, MessageStatus: status });
		expect(await twilio.send(address, form, twilio.sign(written, form))).toBe(204);
		expect(await phone.state(id)).toMatchObject({ state: status });
	}
	const form = new URLSearchParams({ MessageSid: message.sid, MessageStatus: "failed" });
	const elsewhere = withoutPort.replace("//", "//other.");
	expect(await twilio.send(address, form, twilio.sign(elsewhere, form))).toBe(403);
});

test("a forged receipt is refused and changes nothing", async () => {
	await using phone = await startTexting("twilio,http");
	const id = await phone.queue();
	const other = await phone.queue({ avoid: "twilio" });
	await phone.drain();
	const { twilio, gateway, app } = phone;
	const [message] = twilio.messages;
	const [text] = gateway.texts;
	if (!message || !text) throw new Error("Nothing was sent");
	const before = await phone.everything();

	const form = new URLSearchParams({ MessageSid: message.sid, MessageStatus: "delivered" });
	const address = message.statusCallback;
	const changed = new URLSearchParams({ ...Object.fromEntries(form), MessageStatus: "undelivered" });
	const ofAnother = receiptAddress(app.deps, "twilio", { clinicId: CLINIC, messageId: other });
	expect(await twilio.send(address, form, undefined)).toBe(403);
	expect(await twilio.send(address, form, "")).toBe(403);
	expect(await twilio.send(address, form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")).toBe(403);
	expect(await twilio.send(address, changed, twilio.sign(address, form))).toBe(403);
	expect(await twilio.send(ofAnother, form, twilio.sign(address, form))).toBe(403);
	expect(await twilio.send(address.replace("twilio", "http"), form, twilio.sign(address, form))).toBe(403);

	const report = JSON.stringify({ receiptUrl: text.receiptUrl, state: "delivered" });
	const unsigned = { method: "POST", body: report, headers: { "content-type": "application/json" } };
	expect((await fetch(text.receiptUrl, unsigned)).status).toBe(403);
	expect(await gateway.send(text.receiptUrl, report, "1700000000", "0".repeat(64))).toBe(403);
	// The gateway's own report of one message, sent to the address of another.
	const elsewhere = receiptAddress(app.deps, "http", { clinicId: CLINIC, messageId: id });
	expect(await gateway.send(elsewhere, report, "1700000000", gateway.sign("1700000000", report))).toBe(403);
	// What Vestibule signed itself, sent back.
	const own = JSON.stringify(text);
	expect(await gateway.send(text.receiptUrl, own, "1700000000", gateway.sign("1700000000", own))).toBe(403);
	expect(await phone.everything()).toEqual(before);
});

test("a receipt of a message that there is not, or that is another clinic's, changes nothing", async () => {
	await using phone = await startTexting("twilio");
	const id = await phone.queue();
	await phone.drain();
	const [message] = phone.twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	const before = await phone.everything();
	for (const address of [
		receiptAddress(phone.app.deps, "twilio", { clinicId: "clinic-2", messageId: id }),
		receiptAddress(phone.app.deps, "twilio", { clinicId: CLINIC, messageId: newId(0) }),
		receiptAddress(phone.app.deps, "inbox", { clinicId: CLINIC, messageId: id }),
	]) {
		expect(await phone.twilio.report({ ...message, statusCallback: address }, "delivered")).toBe(404);
	}
	expect(await phone.everything()).toEqual(before);
});

test("a receipt needs no page of ours around it and sets no cookie; nothing else may do without", async () => {
	await using phone = await startTexting("twilio");
	const id = await phone.queue();
	await phone.drain();
	const [message] = phone.twilio.messages;
	if (!message) throw new Error("Nothing was sent");
	const form = new URLSearchParams({ MessageSid: message.sid, MessageStatus: "delivered" });
	const path = new URL(message.statusCallback).pathname;
	const asked = (url: string, type = "application/x-www-form-urlencoded") =>
		phone.app.server.inject({
			method: "POST",
			url,
			headers: {
				"content-type": type,
				host: "somewhere.else.example",
				"sec-fetch-site": "cross-site",
				"x-twilio-signature": phone.twilio.sign(message.statusCallback, form),
			},
			payload: form.toString(),
		});
	const answer = await asked(path);
	expect(answer.statusCode).toBe(204);
	expect(answer.headers["set-cookie"]).toBeUndefined();
	expect(await phone.state(id)).toMatchObject({ state: "delivered" });
	expect((await asked("/sign-in")).statusCode).toBe(403);
	expect((await asked(`${path}/more`)).statusCode).toBe(403);
	expect((await asked(path, "text/plain")).statusCode).toBe(415);
});

type Changed = { expiresAt?: number; avoid?: string | undefined; text?: string };

/** The app with both stand-ins, and a worker that is run by hand. */
async function startTexting(providers: string) {
	let app: App | undefined;
	const clock = () => app?.clock.now() ?? 0;
	const twilio = await TwilioStandIn.start(clock);
	const gateway = await SmsGateway.start(clock);
	app = await startApp({
		clinic: "none",
		environment: {
			...twilio.environment,
			...gateway.environment,
			VESTIBULE_SMS_PROVIDERS: providers,
		},
	});
	const { db, deps, database } = app;
	const { keyring } = deps.config;
	const ends = new Map<string, number>();
	const aText = ({ expiresAt, avoid, text = TEXT }: Changed) => {
		const now = deps.clock();
		const messageId = newId(now);
		const endsAt = expiresAt ?? now + CODE_LIVES;
		ends.set(messageId, endsAt);
		return {
			clinicId: CLINIC,
			profileId: AVERY,
			messageId,
			to: NUMBER,
			kind: "sign-in-code" as const,
			text,
			now,
			expiresAt: endsAt,
			avoid,
		};
	};
	const { backdoor } = database;
	return {
		app,
		twilio,
		gateway,
		aText,
		/** @returns the id of the message */
		async queue(changed: Changed = {}): Promise<string> {
			const given = aText(changed);
			await inTransaction(db, (tx) => queueText(tx, keyring, given));
			return given.messageId;
		},
		endOf: (messageId: string) => ends.get(messageId) ?? 0,
		drain: () => app.drain(),
		state: (messageId: string) => findMessage(db, CLINIC, messageId),
		tries: (messageId: string) =>
			backdoor
				.selectFrom("text_tries")
				.selectAll()
				.where("message_id", "=", messageId)
				.orderBy("try")
				.orderBy("provider")
				.execute(),
		outbox: (messageId: string) =>
			backdoor.selectFrom("outbox").selectAll().where("message_id", "=", messageId).executeTakeFirst(),
		events: () => backdoor.selectFrom("activity_events").selectAll().orderBy("number").execute(),
		everything: async () => [
			await backdoor.selectFrom("outbox").selectAll().orderBy("message_id").execute(),
			await backdoor.selectFrom("text_receipts").selectAll().orderBy("message_id").execute(),
			await backdoor.selectFrom("activity_events").selectAll().orderBy("number").execute(),
		],
		async [Symbol.asyncDispose]() {
			await app[Symbol.asyncDispose]();
			await twilio[Symbol.asyncDispose]();
			await gateway[Symbol.asyncDispose]();
		},
	};
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
	for (let waited = 0; !(await isTrue()); waited += 5) {
		if (waited > 120_000) throw new Error("It did not come true within two minutes");
		await wait(5);
	}
}
