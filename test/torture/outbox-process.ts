/**
 * A process to be killed: `node outbox-process.ts <database url> <keys> <settings of providers> loads|drains`. It sends
 * what waits through Twilio; `loads` also queues text messages for as long as it lives, and prints each one after its
 * commit; `drains` ends when nothing waits any more.
 */
import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import fastify from "fastify";
import { seconds, systemClock } from "../../src/clock.ts";
import { readConfig } from "../../src/config.ts";
import { connect } from "../../src/db/connect.ts";
import { newId } from "../../src/db/ids.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { textSender } from "../../src/delivery/hand-over-text.ts";
import { queueText } from "../../src/delivery/outbox.ts";
import { twilio } from "../../src/delivery/twilio.ts";
import { startWorker } from "../../src/delivery/worker.ts";

const QUEUES_AT_ONCE = 4;

const [, , url = "", keys = "", settings = "{}", manner = ""] = process.argv;
const config = readConfig({
	DATABASE_URL: url,
	VESTIBULE_KEYS: keys,
	VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
	VESTIBULE_MAIL_FROM: "no-reply@vestibule.example",
	VESTIBULE_SMS_PROVIDERS: "twilio",
	...JSON.parse(settings),
});
const db = connect(url);
const providers = config.textProviders.flatMap((each) => (each.name === "twilio" ? [twilio(each)] : []));
const worker = startWorker({
	db,
	config,
	clock: systemClock,
	log: fastify({ logger: false }).log,
	senders: { email: undefined, text: textSender(providers, systemClock, () => "http://localhost/") },
});

if (manner === "loads") await Promise.all(Array.from({ length: QUEUES_AT_ONCE }, queueForEver));
while ((await countWaiting()) > 0) await wait(250);
await worker.stop();
await db.destroy();

async function queueForEver(): Promise<never> {
	for (;;) {
		const now = systemClock();
		// Some codes end while nobody sends, or while somebody does.
		const lives = randomInt(4) === 0 ? seconds(randomInt(15, 45)) : seconds(315);
		const message = {
			clinicId: `clinic-${randomInt(3)}`,
			profileId: "profile",
			messageId: newId(now),
			to: `+1604${randomInt(2_000_000, 9_999_999)}`,
			kind: "sign-in-code" as const,
			now,
			expiresAt: now + lives,
		};
		await inTransaction(db, (tx) =>
			queueText(tx, config.keyring, { ...message, text: `Code of ${message.messageId}` }),
		);
		process.stdout.write(`${message.messageId} ${message.expiresAt}\n`);
		await wait(randomInt(20));
	}
}

async function countWaiting(): Promise<number> {
	let waiting = 0;
	for (const clinicId of ["clinic-0", "clinic-1", "clinic-2"]) {
		const { count } = await db
			.selectFrom("outbox")
			.select((eb) => eb.fn.countAll<number>().as("count"))
			.where("clinic_id", "=", clinicId)
			.where("state", "=", "waiting")
			.executeTakeFirstOrThrow();
		waiting += count;
	}
	return waiting;
}
