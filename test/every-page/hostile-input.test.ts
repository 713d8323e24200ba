import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyActivity } from "../../src/activity/verify.ts";
import { findClinic } from "../../src/clinics/store.ts";
import { paths } from "../../src/paths.ts";
import { requireFrom } from "../harness/people.ts";
import { type Answer, whatIsWrongWith } from "./decent-answer.ts";
import { type HostileRequest, hostileRequest } from "./hostile-request.ts";
import { requestMaker, type Sent } from "./make-request.ts";
import { type Stage, setStage } from "./stage.ts";
import { overTheWire, scribble } from "./wire.ts";

/** Another number tries other requests: TEST_SEED=… npx vitest run test/every-page/hostile-input.test.ts */
const seed = Number(process.env.TEST_SEED ?? 20_261_207);
const AT_ONCE = 400;
const ROUNDS = 50;
const ON_THE_WIRE = { atOnce: 30, rounds: 20 };
const LONGEST_ANSWER_MS = 30_000;
const MINUTES = 60_000;

let stage: Stage;
let make: (thought: HostileRequest) => Sent;
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown) => void unhandled.push(reason);

beforeAll(async () => {
	process.on("unhandledRejection", noteUnhandled);
	stage = await setStage();
	make = requestMaker(stage);
}, 2 * MINUTES);
afterAll(async () => {
	process.off("unhandledRejection", noteUnhandled);
	await stage[Symbol.asyncDispose]();
});

test(`${AT_ONCE * ROUNDS} hostile requests break no page, show nothing of the inside and open nothing`, {
	timeout: 10 * MINUTES,
}, async () => {
	const seen = new Set<number>();
	await inRounds(ROUNDS, AT_ONCE, hostileRequest, async (thought) => {
		const sent = make(thought);
		const answer = await inject(sent);
		seen.add(answer.status);
		const wrong = whatIsWrongWith(answer, sent.method, stage.app);
		if (wrong.length > 0) throw new Error(explain(wrong, sent, answer));
	});
	// They come as far as the handlers: pages, redirects, forms to mend, refusals of every kind.
	for (const status of [200, 204, 303, 400, 401, 403, 404, 410, 413, 415, 422]) {
		expect(seen).toContain(status);
	}
});

test("requests written badly on the wire are answered or cut off, and never hang", {
	timeout: 5 * MINUTES,
}, async () => {
	const { rounds, atOnce } = ON_THE_WIRE;
	await inRounds(rounds, atOnce, fc.tuple(hostileRequest, scribble), async ([thought, how]) => {
		const sent = make(thought);
		const answer = await overTheWire(stage.app.port, how.write(sent), how);
		const wrong = answer ? whatIsWrongOnTheWire(answer, sent.method) : [];
		if (answer && wrong.length > 0) throw new Error(`Written ${how.name}: ${explain(wrong, sent, answer)}`);
	});
	const page = await inject({ method: "GET", target: paths.signIn, headers: {}, body: undefined });
	expect(page.status).toBe(200);
});

test("after all of it the record of what happened is whole", async () => {
	const clinic = await findClinic(stage.app.db, "the-only-one");
	const verdict = await verifyActivity(stage.app.db, stage.app.deps.config.keyring, clinic?.clinicId ?? "");
	expect(verdict.kind).toBe("intact");
});

test("whoever sends a form byte by byte is not waited for longer than a minute", () => {
	expect(stage.app.server.server.requestTimeout).toBeGreaterThan(0);
	expect(stage.app.server.server.requestTimeout).toBeLessThanOrEqual(MINUTES);
});

/** Tries many at once, again and again, each round from the same state; what breaks is told with the seed. */
async function inRounds<T>(
	rounds: number,
	atOnce: number,
	one: fc.Arbitrary<T>,
	tryIt: (one: T) => Promise<void>,
): Promise<void> {
	const many = fc.array(one, { minLength: atOnce, maxLength: atOnce });
	const round = fc.asyncProperty(many, async (tried) => {
		await stage.restore();
		// So that what stands before a session where it is required is reached as well.
		await requireFrom(stage.app, "2026-12-07");
		const before = await latestEvent();
		const now = stage.app.clock.now();
		await Promise.all(tried.map(tryIt));
		expect(await sessionsOutOfNowhere(now, before)).toEqual([]);
	});
	const { failed, errorInstance } = await fc.check(round, { seed, numRuns: rounds, endOnFailure: true });
	if (failed) throw new Error(`With TEST_SEED=${seed}: ${errorInstance}`);
	expect(unhandled).toEqual([]);
}

async function inject({ method, target, headers, body }: Sent): Promise<Answer> {
	const late = new Promise<never>((_, reject) => {
		setTimeout(() => reject(new Error(`No answer to ${method} ${target}`)), LONGEST_ANSWER_MS).unref();
	});
	// Only on the wire can an address hold what no URL does.
	const url = URL.canParse(target, stage.app.url) ? target : paths.home;
	const request = { method: method as "GET", url, headers, payload: body };
	const reply = await Promise.race([stage.app.server.inject(request), late]);
	return { status: reply.statusCode, headers: reply.headers, body: reply.body };
}

/** What is no HTTP gets HTTP's own short refusal; everything else a whole answer. */
function whatIsWrongOnTheWire(answer: Answer, method: string): string[] {
	const isRefusal =
		[400, 417, 431].includes(answer.status) && answer.headers["content-security-policy"] === undefined;
	if (!isRefusal) return whatIsWrongWith(answer, method, stage.app);
	return answer.body.length > 200 ? ["it says more than that it is no HTTP"] : [];
}

/** Sessions begun since then that no finished sign-in of this person at this very moment tells of. */
async function sessionsOutOfNowhere(since: number, after: number): Promise<unknown[]> {
	const { backdoor } = stage.app.database;
	const sessions = await backdoor
		.selectFrom("sessions")
		.select(["profile_id", "started_at"])
		.where("started_at", ">=", since)
		.execute();
	const finished = await backdoor
		.selectFrom("activity_events")
		.select(["profile_id", "at"])
		.where("kind", "=", "signed-in")
		.where("number", ">", after)
		.execute();
	const known = new Set(finished.map(({ profile_id, at }) => `${profile_id} ${at}`));
	return sessions.filter(({ profile_id, started_at }) => !known.has(`${profile_id} ${started_at}`));
}

async function latestEvent(): Promise<number> {
	const { backdoor } = stage.app.database;
	return (await backdoor.selectFrom("activity_heads").select("number").executeTakeFirstOrThrow()).number;
}

function explain(wrong: string[], sent: Sent, answer: Answer): string {
	return [
		wrong.join(", "),
		`${sent.method} ${sent.target}`,
		JSON.stringify(sent.headers).slice(0, 2_000),
		sent.body?.toString("latin1").slice(0, 2_000) ?? "(no body)",
		`answered ${answer.status} ${JSON.stringify(answer.headers)}`,
		answer.body.slice(0, 2_000),
	].join("\n");
}
