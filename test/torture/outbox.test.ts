import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { Keyring } from "../../src/crypto/keyring.ts";
import { freshDatabase } from "../harness/database.ts";
import { TwilioStandIn } from "../harness/twilio-stand-in.ts";

const KILLS = 50;
const LONGEST_LIFE_MS = 1_000;

test(`a process that sends text messages is killed ${KILLS} times: none is lost, none is sent after its code's end, at most one is sent twice per kill`, async () => {
	await using database = await freshDatabase();
	await using twilio = await TwilioStandIn.start();
	twilio.delayMs = () => randomInt(60);
	const keys = Keyring.newKey("test");
	/** When the code of each committed message ends. */
	const committed = new Map<string, number>();

	function start(manner: "loads" | "drains"): {
		process: ChildProcess;
		ended: Promise<void>;
		alive: Promise<void>;
	} {
		const script = new URL("./outbox-process.ts", import.meta.url).pathname;
		const settings = JSON.stringify(twilio.environment);
		const child = spawn(process.execPath, [script, database.url, keys, settings, manner], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		let isAlive = () => {};
		const alive = new Promise<void>((resolve) => (isAlive = resolve));
		createInterface({ input: child.stdout }).on("line", (line) => {
			const [id = "", endsAt] = line.split(" ");
			committed.set(id, Number(endsAt));
			isAlive();
		});
		const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
		return { process: child, ended, alive };
	}

	for (let kill = 0; kill < KILLS; kill++) {
		const doomed = start("loads");
		await Promise.race([doomed.alive, doomed.ended]);
		await wait(randomInt(LONGEST_LIFE_MS));
		doomed.process.kill("SIGKILL");
		await doomed.ended;
	}
	await start("drains").ended;

	const rows = await database.backdoor.selectFrom("outbox").selectAll().execute();
	const ofId = new Map(rows.map((row) => [row.message_id, row]));
	const arrivals = new Map<string, number[]>();
	for (const { body, createdAt } of twilio.messages) {
		const id = body.replace("Code of ", "");
		arrivals.set(id, [...(arrivals.get(id) ?? []), createdAt]);
	}
	const lost = [...committed.keys()].filter((id) => !ofId.has(id));
	const unsettled = rows.filter(({ state }) => state === "waiting");
	const notSent = rows.filter(({ state, message_id }) => state === "sent" && !arrivals.has(message_id));
	const dropped = rows.filter(({ state }) => state === "dead");
	const droppedInTime = dropped.filter(
		(row) => row.why !== "expired" || (row.ended_at ?? 0) < row.expires_at,
	);
	const late = [...arrivals].filter(([id, times]) =>
		times.some((time) => time >= (committed.get(id) ?? Number.POSITIVE_INFINITY)),
	);
	const twice = [...arrivals.values()].reduce((sum, times) => sum + times.length - 1, 0);
	console.log(
		`${database.engine}: ${rows.length} messages, ${arrivals.size} sent, ${dropped.length} dropped, ${twice} sent twice, ` +
			`${rows.filter(({ tries }) => tries > 1).length} tried again`,
	);

	expect(committed.size).toBeGreaterThan(KILLS);
	expect(lost).toEqual([]);
	expect(unsettled).toEqual([]);
	expect(notSent).toEqual([]);
	expect(droppedInTime).toEqual([]);
	expect(late).toEqual([]);
	expect(twice).toBeLessThanOrEqual(KILLS);
	const events = await database.backdoor.selectFrom("activity_events").select("kind").execute();
	expect(events).toHaveLength(rows.length);
});
