import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { EventKind } from "../src/activity/events.ts";
import { connect, type Db, isPostgres } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import type { ActivityEventRow } from "../src/db/tables.ts";
import { paths } from "../src/paths.ts";
import { hire, makeClinic, type Person } from "./clinic-of-many.ts";
import { canReadCpu, residentMb } from "./cpu.ts";
import type { Databases } from "./databases.ts";
import { expectStatus, type Visitor } from "./http.ts";
import { atMost, forReading, type Line, notMeasured } from "./report.ts";
import { enterCode, enterPassword } from "./sign-in.ts";
import { median, withSpread } from "./statistics.ts";
import { startVestibule, type Vestibule } from "./vestibule.ts";

const EVENTS = 1_000_000;
const STAFF = 100;
const MOST_MS = 50;
const MOST_MB = 25;
/** How often each page is opened. */
const TIMES = 15;
const AT_ONCE = 2_000;
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 50;

/** The pages of activity, and a file of all of it, in a clinic with a million events. */
export async function measureActivity(databases: Databases): Promise<Line[]> {
	const url = await databases.make("activity");
	const db = connect(url);
	await migrate(db);
	const clinic = await makeClinic(db, "harbour");
	const people = await hire(db, clinic, STAFF);
	const ids = await staffOf(db, clinic.clinicId);
	const [owner] = people;
	const [ownerId = "", ...others] = ids;
	if (!owner) throw new Error("Nobody was hired");
	await db
		.updateTable("profiles")
		.set({ access: "full" })
		.where("clinic_id", "=", clinic.clinicId)
		.where("profile_id", "=", ownerId)
		.execute();
	await fill(db, clinic.clinicId, ownerId, others);
	await db.destroy();

	const vestibule = await startVestibule(url);
	const visitor = await signIn(vestibule, owner);
	const lines = [
		...(await measurePages(visitor, ownerId, others[0] ?? "")),
		...(await measureFile(vestibule, visitor)),
	];
	await vestibule.stop();
	return lines;
}

/** Half of all events are one person's, a quarter messages, a tenth of one kind, and some kinds are rare: one in 100,000. */
async function fill(db: Db, clinicId: string, ownerId: string, others: readonly string[]): Promise<void> {
	const start = Date.now() - EVENTS * 1_000;
	for (let first = 1; first <= EVENTS; first += AT_ONCE) {
		const rows = Array.from({ length: AT_ONCE }, (_, n) =>
			eventOf(
				clinicId,
				first + n,
				start,
				(first + n) % 2 ? ownerId : (others[(first + n) % others.length] ?? ""),
			),
		);
		await db.insertInto("activity_events").values(rows).execute();
	}
	const code = codeOf(EVENTS);
	await db.insertInto("activity_heads").values({ clinic_id: clinicId, number: EVENTS, code }).execute();
	// As a database in service has it, which does so by itself.
	if (isPostgres(db)) await sql`vacuum analyze activity_events`.execute(db);
}

function eventOf(clinicId: string, number: number, start: number, profileId: string): ActivityEventRow {
	const isMessage = number % 4 === 2;
	const kind: EventKind =
		number % 100_000 === 7
			? "enforcement-changed"
			: number % 10 === 3
				? "password-refused"
				: isMessage
					? "message-sent"
					: "signed-in";
	const rule = { requiredFromOn: null, allowsTrust: true, allowsTexts: true };
	const details: Partial<Record<EventKind, object>> = {
		"enforcement-changed": { from: rule, to: rule },
		"password-refused": { isKnownEmail: true },
		"message-sent": { messageKind: "sign-in-code", channel: "text" },
		"signed-in": { by: "authenticator-app" },
	};
	return {
		clinic_id: clinicId,
		number,
		at: start + number * 1_000,
		kind,
		profile_id: profileId,
		actor: kind === "password-refused" ? "nobody" : isMessage ? "vestibule" : profileId,
		address: "198.51.100.7",
		browser_name: "Chrome on Windows",
		detail: JSON.stringify(details[kind]),
		code: codeOf(number),
	};
}

/** Nothing here checks it: it only has the length. */
function codeOf(number: number): string {
	return `bench.${String(number).padStart(43, "0")}`;
}

async function staffOf(db: Db, clinicId: string): Promise<string[]> {
	const query = db.selectFrom("profiles").select("profile_id").where("clinic_id", "=", clinicId);
	return (await query.orderBy("email").execute()).map((row) => row.profile_id);
}

async function signIn({ site }: Vestibule, person: Person): Promise<Visitor> {
	const waiting = await enterPassword(site, person);
	await enterCode(waiting);
	return waiting.visitor;
}

async function measurePages(visitor: Visitor, ownerId: string, otherId: string): Promise<Line[]> {
	const day = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
	const middle = { from: day(6), to: day(5) };
	const asked: [string, Record<string, string>][] = [
		["the newest", {}],
		["the middle", { before: String(EVENTS / 2) }],
		["of one person", { person: otherId }],
		["of who has half of them", { person: ownerId }],
		["of a rare kind", { kind: "settings" }],
		["of a kind that there is none of", { kind: "help" }],
		["of a person, of a kind there is none of", { person: ownerId, kind: "help" }],
		["of a person, of a rare kind", { person: ownerId, kind: "settings" }],
		["of two days", middle],
		["of two days, a person and a kind", { ...middle, person: ownerId, kind: "failures" }],
		["of a time before all", { from: "2001-01-01", to: "2001-12-31" }],
	];
	const times = new Map<string, number[]>();
	for (let time = 0; time <= TIMES; time++) {
		for (const [what, fields] of asked) {
			const ms = await timed(visitor, `${paths.activity}?${new URLSearchParams(fields)}`);
			// The first round only warms up.
			if (time > 0) times.set(what, [...(times.get(what) ?? []), ms]);
		}
		const own = await timed(visitor, `${paths.ownActivity}?kind=settings`);
		if (time > 0) times.set("one's own", [...(times.get("one's own") ?? []), own]);
	}
	return [...times].map(([what, ms]) =>
		atMost(
			`a page of activity at ${EVENTS} events, ${what}`,
			MOST_MS,
			" ms",
			median(ms),
			withSpread(ms, " ms", 1),
		),
	);
}

async function timed(visitor: Visitor, path: string): Promise<number> {
	const startedAt = performance.now();
	expectStatus(await visitor.get(path), 200, path);
	return performance.now() - startedAt;
}

/**
 * All of it as a file, twice, how much more memory the server takes the second time, and what a page takes meanwhile.
 * The first time its heap grows to what it likes to have.
 */
async function measureFile({ pid }: Vestibule, visitor: Visitor): Promise<Line[]> {
	const before = residentMb(pid);
	const [first, second] = [await takeFile(pid, visitor), await takeFile(pid, visitor)];
	const what = `${EVENTS} events as a file, most memory the second time more than the first`;
	const more = second.mostMb - first.mostMb;
	const measured = `${more.toFixed(0)} MB more than ${first.mostMb.toFixed(0)}; ${before.toFixed(0)} before`;
	const size = `${(second.bytes / 1_000_000).toFixed(0)} MB in ${second.seconds.toFixed(0)} s`;
	return [
		canReadCpu
			? atMost(what, MOST_MB, " MB", more, measured)
			: notMeasured(what, `at most ${MOST_MB} MB`, "only Linux tells the memory of a process"),
		forReading("… its size and time", size),
		forReading("… another page meanwhile", withSpread(second.pages, " ms", 0)),
	];
}

async function takeFile(pid: number, visitor: Visitor) {
	const page = expectStatus(await visitor.get(paths.activity), 200, "The page of activity");
	const [, formToken = ""] = /name="form-token" value="([^"]+)"/.exec(page.body.toString("utf8")) ?? [];
	let mostMb = 0;
	let isOver = false;
	const pages: number[] = [];
	const watching = (async () => {
		while (!isOver) {
			mostMb = Math.max(mostMb, residentMb(pid));
			pages.push(await timed(visitor, paths.account));
			await wait(LOOK_EVERY_MS);
		}
	})();
	const startedAt = performance.now();
	const form = { "form-token": formToken, format: "csv" };
	const bytes = await visitor.download(paths.activityDownload, form).finally(() => {
		isOver = true;
	});
	const seconds = (performance.now() - startedAt) / 1000;
	await watching;
	return { mostMb, pages, bytes, seconds };
}
