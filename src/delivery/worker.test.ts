import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import fastify from "fastify";
import { expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { days, hours, minutes, seconds } from "../clock.ts";
import { Keyring } from "../crypto/keyring.ts";
import { newId } from "../db/ids.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueEmail, queueText } from "./outbox.ts";
import type { Outcome, OutgoingEmail } from "./send.ts";
import { startWorker, type Worker } from "./worker.ts";

const CLINIC = "clinic-1";
const AVERY = "profile-avery";
const LINK = "https://harbour.example/forgot-password/set/only-avery-may-see-this";
const KEYS = Keyring.newKey("test");
const keyring = new Keyring(KEYS);

test("emails leave in the order in which they were queued", async () => {
	await using clinic = await clinicWithOutbox();
	for (const to of ["first@harbour.example", "second@harbour.example", "third@harbour.example"]) {
		await clinic.queue({ to });
		clinic.pass(1);
	}
	await clinic.worker({ send: async () => SENT }).drain();
	expect(clinic.given.map(({ to }) => to)).toEqual([
		"first@harbour.example",
		"second@harbour.example",
		"third@harbour.example",
	]);
});

test("an email is there if the change that causes it is, and only then", async () => {
	await using clinic = await clinicWithOutbox();
	const change = inTransaction(clinic.db, async (tx) => {
		await queueEmail(tx, keyring, anEmail(clinic.now()));
		throw new Error("the change failed");
	});
	await expect(change).rejects.toThrow("the change failed");
	expect(await clinic.outbox()).toEqual([]);
});

test("the text is sealed while it waits, and gone once it is sent", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({});
	expect(await clinic.everythingStored()).not.toContain("only-avery-may-see-this");
	expect((await clinic.outbox())[0]?.sealed_body).toMatch(/^test\./);

	await clinic.worker({ send: async () => SENT }).drain();
	expect(clinic.given[0]?.email.action?.url).toBe(LINK);
	expect(await clinic.outbox()).toMatchObject([
		{ state: "sent", sealed_body: null, ended_at: clinic.now(), recipient: "avery@harbour.example" },
	]);
	expect(await clinic.everythingStored()).not.toContain("only-avery-may-see-this");
	expect(clinic.logged()).toContain("message sent");
	expect(clinic.logged()).not.toMatch(/only-avery-may-see-this|avery@/);
});

test("a text that was sealed for somebody else is not sent", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({ profileId: "profile-jordan" });
	await clinic.db.updateTable("outbox").set({ profile_id: AVERY }).where("clinic_id", "=", CLINIC).execute();
	await clinic.worker({ send: async () => SENT }).drain();
	expect(clinic.given).toEqual([]);
	expect(await clinic.outbox()).toMatchObject([{ state: "waiting", tries: 1 }]);
});

test("a sent message is recorded in the activity, once", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({});
	await clinic.worker({ send: async () => SENT }).drain();
	expect(await clinic.events()).toMatchObject([
		{
			kind: "message-sent",
			profile_id: AVERY,
			actor: "vestibule",
			detail: JSON.stringify({ messageKind: "password-link", channel: "email" }),
		},
	]);
});

test("what fails is tried again after waits that grow, until it is sent", async () => {
	await using clinic = await clinicWithOutbox();
	let answer: Outcome = { kind: "failed", reason: "The mail server is down" };
	await clinic.queue({});
	const worker = clinic.worker({ send: async () => answer });
	for (const wait of [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30), hours(2), hours(2)]) {
		const tries = clinic.given.length;
		await worker.drain();
		expect(clinic.given.length).toBe(tries + 1);
		expect(await clinic.outbox()).toMatchObject([
			{ state: "waiting", due_at: clinic.now() + wait, last_error: "The mail server is down" },
		]);
		clinic.pass(wait - 1);
		await worker.drain();
		expect(clinic.given.length).toBe(tries + 1);
		clinic.pass(1);
	}
	answer = SENT;
	await worker.drain();
	expect(await clinic.outbox()).toMatchObject([{ state: "sent", last_error: null, tries: 8 }]);
	expect(new Set(clinic.given.map(({ messageId }) => messageId)).size).toBe(1);
});

test("what keeps failing is given up and emptied when it is no longer worth sending", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({ expiresAt: clinic.now() + hours(1) });
	const worker = clinic.worker({ send: async () => ({ kind: "failed", reason: "Down" }) });
	for (let again = 0; again < 12; again++) {
		await worker.drain();
		clinic.pass(minutes(10));
	}
	expect(await clinic.outbox()).toMatchObject([
		{ state: "dead", sealed_body: null, last_error: "Down", kind: "password-link" },
	]);
	expect(clinic.given.every(({ at }) => at < clinic.startedAt + hours(1))).toBe(true);
	expect(await clinic.events()).toMatchObject([{ kind: "message-dead", profile_id: AVERY }]);
});

test("what is refused for good is given up at once, and shows its kind, to whom and why", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({});
	await clinic.worker({ send: async () => ({ kind: "refused", reason: "No such mailbox" }) }).drain();
	expect(clinic.given).toHaveLength(1);
	expect(await clinic.outbox()).toMatchObject([
		{
			state: "dead",
			sealed_body: null,
			kind: "password-link",
			recipient: "avery@harbour.example",
			last_error: "No such mailbox",
		},
	]);
	expect(await clinic.events()).toMatchObject([{ kind: "message-dead" }]);
});

test("what expired while nobody was sending is given up, not sent late", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({ expiresAt: clinic.now() + hours(1) });
	clinic.pass(1);
	await clinic.queue({ to: "jordan@harbour.example" });
	clinic.pass(hours(1));
	await clinic.worker({ send: async () => SENT }).drain();
	expect(clinic.given.map(({ to }) => to)).toEqual(["jordan@harbour.example"]);
	expect(await clinic.outbox()).toMatchObject([
		{ state: "dead", sealed_body: null },
		{ state: "sent", sealed_body: null },
	]);
	clinic.pass(days(3));
	await clinic.queue({ to: "sam@harbour.example" });
	clinic.pass(days(3) - 1);
	await clinic.worker({ send: async () => SENT }).drain();
	expect(clinic.given.at(-1)?.to).toBe("sam@harbour.example");
});

test("without a mail server emails wait, and are emptied when they expire", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({ expiresAt: clinic.now() + hours(1) });
	const worker = clinic.worker({ send: undefined });
	await worker.drain();
	expect(await clinic.outbox()).toMatchObject([{ state: "waiting", tries: 0 }]);
	clinic.pass(hours(1));
	await worker.drain();
	expect(await clinic.outbox()).toMatchObject([{ state: "dead", sealed_body: null }]);
	expect(clinic.logged().match(/No SMTP_URL is set/g)).toHaveLength(1);
});

test("a sender that breaks stops neither the worker nor the next email, and its words are not kept", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({});
	clinic.pass(1);
	await clinic.queue({ to: "jordan@harbour.example" });
	const worker = clinic.worker({
		async send({ to, email }) {
			if (to.startsWith("avery")) throw new TypeError(`cannot send ${email.action?.url}`);
			return SENT;
		},
	});
	await worker.drain();
	expect(await clinic.outbox()).toMatchObject([
		{ state: "waiting", tries: 1, last_error: "The sender broke: TypeError" },
		{ state: "sent" },
	]);
	expect(clinic.logged()).not.toContain("only-avery-may-see-this");
});

test("what a lost worker had claimed is sent by another when the claim runs out, and recorded once", async () => {
	await using clinic = await clinicWithOutbox();
	await clinic.queue({});
	let finish = (_: Outcome) => {};
	const lost = clinic.worker({ send: () => new Promise((resolve) => (finish = resolve)) });
	await until(() => clinic.given.length === 1);

	const other = clinic.worker({ send: async () => SENT });
	clinic.pass(seconds(60) - 1);
	await other.drain();
	expect(clinic.given).toHaveLength(1);
	clinic.pass(1);
	await other.drain();
	expect(clinic.given).toHaveLength(2);
	expect(clinic.given[0]?.messageId).toBe(clinic.given[1]?.messageId);

	finish({ kind: "failed", reason: "Came back from the dead" });
	await lost.stop();
	expect(await clinic.outbox()).toMatchObject([{ state: "sent", last_error: null }]);
	expect(await clinic.events()).toHaveLength(1);
});

test("emails that hang keep no text message waiting", async () => {
	await using clinic = await clinicWithOutbox();
	for (let n = 0; n < 20; n++) await clinic.queue({});
	const texts: string[] = [];
	let hangUp = () => {};
	const hanging = new Promise<void>((resolve) => (hangUp = resolve));
	const worker = startWorker({
		db: clinic.db,
		config: { keyring },
		clock: clinic.now,
		log: fastify({ logger: false }).log,
		senders: {
			email: () => hanging.then(() => SENT),
			async text({ to }) {
				texts.push(to);
				return SENT;
			},
		},
	});
	await inTransaction(clinic.db, (tx) => queueText(tx, keyring, aText(clinic.now())));
	await until(() => texts.length === 1);
	hangUp();
	await worker.stop();
});

test("where seven of eight places hang, all others leave by the eighth", async () => {
	await using clinic = await clinicWithOutbox();
	for (let n = 0; n < 7; n++) await clinic.queue({ to: `hangs-${n}@harbour.example` });
	clinic.pass(1);
	for (let n = 0; n < 5; n++) await clinic.queue({ to: `leaves-${n}@harbour.example` });
	let hangUp = () => {};
	const hanging = new Promise<void>((resolve) => (hangUp = resolve));
	const worker = clinic.worker({
		async send({ to }) {
			if (to.startsWith("hangs")) await hanging;
			return SENT;
		},
	});
	await until(async () => (await clinic.outbox()).filter(({ state }) => state === "sent").length === 5);
	hangUp();
	await worker.stop();
	expect((await clinic.outbox()).every(({ state, tries }) => state === "sent" && tries === 1)).toBe(true);
});

test("a worker is woken by a commit, and finds by itself what another process committed", async () => {
	await using clinic = await clinicWithOutbox();
	clinic.worker({ send: async () => SENT });
	await clinic.queue({});
	await until(() => clinic.given.length === 1);
	// By itself it would look 400 ms later. Where the machine paused just then, once more.
	let took = Number.POSITIVE_INFINITY;
	for (let times = 1; times <= 5 && took >= 200; times++) {
		await new Promise((resolve) => setTimeout(resolve, 1_300));
		await clinic.queue({});
		const committedAt = performance.now();
		await until(() => clinic.given.length === times + 1);
		took = performance.now() - committedAt;
	}
	expect(took).toBeLessThan(200);
});

test("a worker that is stopped finishes what is under way and claims nothing more", async () => {
	await using clinic = await clinicWithOutbox();
	for (let n = 0; n < 20; n++) await clinic.queue({});
	const worker = clinic.worker({
		async send() {
			await new Promise((resolve) => setTimeout(resolve, 100));
			return SENT;
		},
	});
	await until(() => clinic.given.length === 8);
	await worker.stop();
	const states = (await clinic.outbox()).map(({ state }) => state);
	expect(states.filter((state) => state === "sent")).toHaveLength(8);
	expect(states.filter((state) => state === "waiting")).toHaveLength(12);
	expect(clinic.given).toHaveLength(8);
});

test.each(["email", "text"] as const)(
	"two processes send 300 messages (%s), each exactly once",
	{
		timeout: 120_000,
	},
	async (channel) => {
		await using clinic = await clinicWithOutbox({ clock: Date.now });
		await inTransaction(clinic.db, async (tx) => {
			for (let n = 0; n < 300; n++) {
				if (channel === "email") await queueEmail(tx, keyring, anEmail(Date.now()));
				else await queueText(tx, keyring, aText(Date.now()));
			}
		});
		const processes = [workerProcess(clinic.url, "sends"), workerProcess(clinic.url, "sends")];
		await until(() => processes.every(({ isReady }) => isReady()));
		for (const { begin } of processes) begin();
		const sent = await Promise.all(processes.map(({ ended }) => ended));
		expect(sent.flat()).toHaveLength(300);
		expect(new Set(sent.flat()).size).toBe(300);
		for (const part of sent) expect(part.length).toBeGreaterThan(0);
		const outbox = await clinic.outbox();
		expect(outbox.every(({ state, tries }) => state === "sent" && tries === 1)).toBe(true);
		expect(await clinic.events()).toHaveLength(300);
	},
);

test("a process that is killed while it sends loses nothing", async () => {
	await using clinic = await clinicWithOutbox({ clock: Date.now });
	for (let n = 0; n < 5; n++) await clinic.queue({});
	const doomed = workerProcess(clinic.url, "hangs");
	await until(() => doomed.isReady());
	doomed.begin();
	await until(() => doomed.given.length === 5);
	doomed.process.kill("SIGKILL");
	await doomed.ended;

	const survivor = clinic.worker({ send: async () => SENT, clock: () => Date.now() + seconds(61) });
	await survivor.drain();
	expect(clinic.given.map(({ messageId }) => messageId).sort()).toEqual([...doomed.given].sort());
	expect(await clinic.outbox()).toMatchObject(Array(5).fill({ state: "sent", tries: 2 }));
});

const SENT: Outcome = { kind: "sent" };

function anEmail(now: number) {
	return {
		clinicId: CLINIC,
		profileId: AVERY as string | null,
		to: "avery@harbour.example",
		kind: "password-link" as const,
		email: {
			subject: "Choose a new password",
			paragraphs: ["Hello Avery,", "This is about Harbour Physio."],
			action: { label: "Choose a new password", url: LINK },
		},
		now,
	};
}

function aText(now: number) {
	return {
		clinicId: CLINIC,
		profileId: AVERY,
		messageId: newId(now),
		to: "+16045550101",
		kind: "sign-in-code" as const,
		text: "482913 is your code.",
		now,
		expiresAt: now + minutes(5),
	};
}

type Send = (message: OutgoingEmail) => Promise<Outcome>;

/** A clinic whose workers are stopped at the end, and a clock that stands still until it is moved. */
async function clinicWithOutbox({ clock }: { clock?: () => number } = {}) {
	const database: FreshDatabase = await freshDatabase();
	const { db, url, engine } = database;
	const startedAt = Date.UTC(2026, 11, 7, 22, 5);
	let now = startedAt;
	const theClock = clock ?? (() => now);
	const given: (OutgoingEmail & { at: number })[] = [];
	const workers: Worker[] = [];
	let log = "";
	const logger = fastify({
		logger: { level: "debug", stream: { write: (line: string) => (log += line) } },
	}).log;
	return {
		db,
		url,
		startedAt,
		/** What the senders of this clinic's workers were given, in order. */
		given,
		now: theClock,
		pass: (milliseconds: number) => {
			now += milliseconds;
		},
		queue: (changed: { to?: string; profileId?: string; expiresAt?: number }) =>
			inTransaction(db, (tx) => queueEmail(tx, keyring, { ...anEmail(theClock()), ...changed })),
		worker(options: { send: Send | undefined; clock?: () => number }): Worker {
			const { send } = options;
			const at = options.clock ?? theClock;
			const worker = startWorker({
				db,
				config: { keyring },
				clock: at,
				log: logger,
				senders: {
					email:
						send &&
						((message) => {
							given.push({ ...message, at: at() });
							return send(message);
						}),
					text: undefined,
				},
			});
			workers.push(worker);
			return worker;
		},
		outbox: () =>
			db.selectFrom("outbox").selectAll().where("clinic_id", "=", CLINIC).orderBy("message_id").execute(),
		events: () =>
			db
				.selectFrom("activity_events")
				.selectAll()
				.where("clinic_id", "=", CLINIC)
				.orderBy("number")
				.execute(),
		/** On SQLite the very bytes of the file and its log; on PostgreSQL every row of the tables that are written. */
		async everythingStored(): Promise<string> {
			const file = url.replace("sqlite:", "");
			if (engine === "sqlite") return readFileSync(file, "latin1") + readFileSync(`${file}-wal`, "latin1");
			return JSON.stringify([await this.outbox(), await this.events()]);
		},
		logged: () => log,
		async [Symbol.asyncDispose]() {
			await Promise.all(workers.map((worker) => worker.stop()));
			await database[Symbol.asyncDispose]();
		},
	};
}

/** A worker in a process of its own; `given` grows as it is given messages to send. */
function workerProcess(url: string, manner: "sends" | "hangs") {
	const script = new URL("../../test/harness/worker-process.ts", import.meta.url).pathname;
	const process_: ChildProcess = spawn(process.execPath, [script, url, KEYS, manner], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const given: string[] = [];
	let isReady = false;
	if (process_.stdout) {
		createInterface({ input: process_.stdout }).on("line", (line) => {
			if (line === "ready") isReady = true;
			else given.push(line);
		});
	}
	const ended = new Promise<string[]>((resolve) => process_.on("close", () => resolve(given)));
	return {
		process: process_,
		given,
		ended,
		isReady: () => isReady,
		begin: () => process_.stdin?.write("\n"),
	};
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
	for (let waited = 0; !(await isTrue()); waited += 5) {
		if (waited > 120_000) throw new Error("It did not come true within two minutes");
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
