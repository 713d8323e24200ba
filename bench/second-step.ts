import type { Db } from "../src/db/connect.ts";
import { atOnce } from "./at-once.ts";
import { enterCodeThere, enterPasswordThere, startBetterAuth } from "./better-auth-people.ts";
import { hire, makeClinic, type Person } from "./clinic-of-many.ts";
import { canReadCpu, cpuSpentMs, readCpu } from "./cpu.ts";
import { atLeast, forReading, type Line } from "./report.ts";
import { A_ROUND, WARM_UP_ROUNDS } from "./rounds.ts";
import { enterCode, enterPassword } from "./sign-in.ts";
import { median, withSpread } from "./statistics.ts";
import { siteOfClinic, type Vestibule } from "./vestibule.ts";

const LEAST_TIMES = 3;
const PEOPLE_AT_ONCE = 8;

/** In one clinic its chain of events lets one sign-in end at a time. */
const CLINICS = 8;

/** How many people it takes on each side. */
const staffFor = (rounds: number) => (WARM_UP_ROUNDS + rounds) * A_ROUND;

type OfClinic = { person: Person; shortName: string };

/** The staff of eight clinics, turn and turn about. */
export async function hireForSecondStep(db: Db, rounds: number): Promise<OfClinic[]> {
	const staff: OfClinic[][] = [];
	for (let number = 0; number < CLINICS; number++) {
		const clinic = await makeClinic(db, `clinic-${number}`);
		const people = await hire(db, clinic, Math.ceil(staffFor(rounds) / CLINICS));
		staff.push(people.map((person) => ({ person, shortName: clinic.shortName })));
	}
	const [first = []] = staff;
	return first.flatMap((_, turn) => staff.flatMap((ofOne) => ofOne[turn] ?? []));
}

type Round = { aSecond: number; cpuMs: number };

/**
 * The second step here and at better-auth, on the same engine, turn and turn about: only the requests that bring
 * the code are measured, of sign-ins that were begun before.
 *
 * @param settle has the databases of both as they are when they have been in use for a while
 */
export async function measureSecondStep(
	vestibule: Vestibule,
	people: OfClinic[],
	rounds: number,
	databaseOfTheOther: string,
	settle: () => Promise<void>,
): Promise<Line[]> {
	const other = await startBetterAuth(databaseOfTheOther, staffFor(rounds));
	const here: Round[] = [];
	const there: Round[] = [];
	for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
		const waiting = await collect(people.splice(0, A_ROUND), ({ person, shortName }) =>
			enterPassword(siteOfClinic(vestibule, shortName), person),
		);
		const waitingThere = await collect(other.people.splice(0, A_ROUND), async (person) => ({
			person,
			visitor: await enterPasswordThere(other.site, person),
		}));
		if (round === -1) await settle();
		const roundHere = await timed(vestibule.pid, waiting, enterCode);
		const roundThere = await timed(other.pid, waitingThere, ({ visitor, person }) =>
			enterCodeThere(visitor, person),
		);
		if (round < 0) continue;
		here.push(roundHere);
		there.push(roundThere);
	}
	await other.stop();
	const times = here.map(({ aSecond }, round) => aSecond / (there[round]?.aSecond ?? Number.NaN));
	const lines = [
		atLeast(
			"the second step, beside better-auth's",
			LEAST_TIMES,
			" ×",
			median(times),
			withSpread(times, " ×", 1),
		),
		forReading(
			"… a second, here",
			withSpread(
				here.map(({ aSecond }) => aSecond),
				"",
				0,
			),
		),
		forReading(
			"… a second, there",
			withSpread(
				there.map(({ aSecond }) => aSecond),
				"",
				0,
			),
		),
	];
	if (!canReadCpu) return lines;
	return [
		...lines,
		forReading(
			"… CPU for one, here",
			withSpread(
				here.map(({ cpuMs }) => cpuMs),
				" ms",
			),
		),
		forReading(
			"… CPU for one, there",
			withSpread(
				there.map(({ cpuMs }) => cpuMs),
				" ms",
			),
		),
	];
}

async function timed<T>(pid: number, waiting: T[], step: (one: T) => Promise<void>): Promise<Round> {
	const before = readCpu([pid]);
	const startedAt = performance.now();
	await atOnce(PEOPLE_AT_ONCE, waiting, step);
	const seconds = (performance.now() - startedAt) / 1000;
	return { aSecond: waiting.length / seconds, cpuMs: cpuSpentMs(before, readCpu([pid])) / waiting.length };
}

async function collect<T, U>(items: T[], work: (item: T) => Promise<U>): Promise<U[]> {
	const done: U[] = [];
	await atOnce(PEOPLE_AT_ONCE, items, async (item) => {
		done.push(await work(item));
	});
	return done;
}
