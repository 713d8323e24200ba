import { once } from "node:events";
import { minutes } from "../src/clock.ts";
import { Keyring } from "../src/crypto/keyring.ts";
import { connect } from "../src/db/connect.ts";
import { newId } from "../src/db/ids.ts";
import { migrate } from "../src/db/migrate.ts";
import { inTransaction } from "../src/db/transaction.ts";
import { queueText } from "../src/delivery/outbox.ts";
import { type Child, startChild } from "./child.ts";
import { KEYS } from "./clinic-of-many.ts";
import type { Databases } from "./databases.ts";
import { atLeast, type Line } from "./report.ts";
import { withSpread } from "./statistics.ts";

const LEAST_A_SECOND = 300;
const MESSAGES = 3_000;
const CLINICS = 30;
const WORKERS = 2;
const ROUNDS = 3;

/** How many text messages leave the outbox, by two workers and to a provider that takes each at once. */
export async function measureTexts({ engine, make }: Databases): Promise<Line[]> {
	// Who has so many to send has PostgreSQL.
	if (engine === "sqlite") return [];
	const rates: number[] = [];
	for (let round = 0; round < ROUNDS; round++) rates.push(await sendAll(await make(`texts_${round}`)));
	return [
		atLeast(
			`text messages a second, ${WORKERS} workers and none twice`,
			LEAST_A_SECOND,
			"",
			Math.min(...rates),
			withSpread(rates, "", 0),
		),
	];
}

async function sendAll(databaseUrl: string): Promise<number> {
	const db = connect(databaseUrl);
	await migrate(db);
	await queueMany(db);
	const workers = Array.from({ length: WORKERS }, () =>
		startChild("text-worker.ts", [databaseUrl], { VESTIBULE_KEYS: KEYS }),
	);
	await Promise.all(workers.map(nextWord));
	const startedAt = performance.now();
	const handedOver = await Promise.all(
		workers.map((worker) => {
			const answer = nextWord(worker) as Promise<string[]>;
			worker.process.send("begin");
			return answer;
		}),
	);
	const seconds = (performance.now() - startedAt) / 1000;
	await Promise.all(workers.map((worker) => worker.stop()));
	const { count } = await db
		.selectFrom("outbox")
		.select((eb) => eb.fn.countAll<number>().as("count"))
		.where("state", "=", "sent")
		.executeTakeFirstOrThrow();
	await db.destroy();
	const all = handedOver.flat();
	if (count !== MESSAGES || all.length !== MESSAGES || new Set(all).size !== MESSAGES) {
		throw new Error(`Of ${MESSAGES} messages ${count} are sent; ${all.length} were handed over`);
	}
	return MESSAGES / seconds;
}

async function queueMany(db: ReturnType<typeof connect>): Promise<void> {
	const keyring = new Keyring(KEYS);
	const now = Date.now();
	await inTransaction(db, async (tx) => {
		for (let n = 0; n < MESSAGES; n++) {
			await queueText(tx, keyring, {
				clinicId: `clinic-${n % CLINICS}`,
				profileId: `profile-${n}`,
				messageId: newId(now),
				to: `+1604555${String(n).padStart(4, "0")}`,
				kind: "sign-in-code",
				text: "482913 is your Harbour Physio security code. Never share it.",
				now,
				expiresAt: now + minutes(5),
			});
		}
	});
}

/** What a child says next. */
async function nextWord({ process }: Child): Promise<unknown> {
	const [word] = await once(process, "message");
	return word;
}
