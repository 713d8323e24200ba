import { setTimeout as wait } from "node:timers/promises";
import { connect, type Db } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import { atOnce } from "./at-once.ts";
import { CONNECTIONS, hire, makeClinic, type Person } from "./clinic-of-many.ts";
import { canReadCpu, cpuSpentMs } from "./cpu.ts";
import type { Databases } from "./databases.ts";
import { statementsThatReadAll } from "./plans.ts";
import { atMost, forReading, type Line, notMeasured } from "./report.ts";
import { signIn } from "./sign-in.ts";
import { median, withSpread } from "./statistics.ts";
import { siteOfClinic, startVestibule, type Vestibule } from "./vestibule.ts";

const MOST_MS = 0.5;
const FEW = 10;
const MANY = 10_000;
/** How many people sign in again and again, on each side. */
const PEOPLE = 10;
const TIMES_A_ROUND = 10;
const PEOPLE_AT_ONCE = 2;
const IDLE_MS_A_SECOND = 50;
const LONGEST_STATEMENT = 100;

/** A server with so many clinics, and so many staff in one of them, of whom some sign in. */
type Server = { db: Db; url: string; shortName: string; people: Person[]; vestibule: Vestibule };

/** Whether a sign-in costs more where there are more clinics and more staff. */
export async function measureGrowth(databases: Databases, rounds: number): Promise<Line[]> {
	const few = await startServer(databases, "few", FEW);
	const many = await startServer(databases, "many", MANY);
	const lines = canReadCpu
		? [await compareCpu(few, many, rounds)]
		: [notMeasured(WHAT, BOUND, "only Linux tells the CPU time of a process")];
	if (databases.engine === "sqlite") lines.push(...(await readPlans(many)));
	for (const { db, vestibule } of [few, many]) {
		await vestibule.stop();
		await db.destroy();
	}
	return lines;
}

const WHAT = `a whole sign-in at ${MANY} staff and ${MANY} clinics, CPU more than at ${FEW}`;
const BOUND = `at most ${MOST_MS} ms`;

async function compareCpu(few: Server, many: Server, rounds: number): Promise<Line> {
	const more: number[] = [];
	const atFew: number[] = [];
	// The first round only warms up.
	for (let round = 0; round <= rounds; round++) {
		const [fewMs, manyMs] = [await roundOf(few), await roundOf(many)];
		if (round === 0) continue;
		atFew.push(fewMs);
		more.push(manyMs - fewMs);
	}
	const measured = `${withSpread(more, " ms")} more than ${median(atFew).toFixed(2)} ms`;
	return atMost(WHAT, MOST_MS, " ms", median(more), measured);
}

async function readPlans({ url, shortName, people }: Server): Promise<Line[]> {
	const [person] = people;
	if (!person) throw new Error("Nobody was hired");
	const { all, readAll } = await statementsThatReadAll(url, shortName, person);
	const what = "statements of a sign-in that read all of a table or clinic";
	return [
		atMost(what, 0, "", readAll.length, `${readAll.length} of ${all}`),
		...readAll.map((statement) => forReading("… one of them", statement.slice(0, LONGEST_STATEMENT))),
	];
}

/** @returns the CPU time of one sign-in in milliseconds, that of PostgreSQL included */
async function roundOf({ db, shortName, people, vestibule }: Server): Promise<number> {
	const site = siteOfClinic(vestibule, shortName);
	const before = await vestibule.cpu();
	for (let time = 0; time < TIMES_A_ROUND; time++) {
		await atOnce(PEOPLE_AT_ONCE, people, (person) => signIn(site, person));
		// So that few people suffice: each time step counts only once.
		await db.deleteFrom("authenticator_steps").execute();
	}
	const after = await vestibule.cpu();
	const spent = cpuSpentMs(before.process, after.process) + cpuSpentMs(before.database, after.database);
	return spent / (TIMES_A_ROUND * people.length);
}

async function startServer(databases: Databases, name: string, count: number): Promise<Server> {
	const url = await databases.make(name);
	const db = connect(url);
	await migrate(db);
	await atOnce(CONNECTIONS, [...Array(count - 1).keys()], async (number) => {
		await hire(db, await makeClinic(db, `clinic-${number}`), 1);
	});
	// Made last, where a table that is read in its order comes to it late.
	const shortName = `clinic-${Math.floor(count / 2)}-of-all`;
	const staff = await hire(db, await makeClinic(db, shortName), count);
	// From all over the clinic, not the ones that stand side by side.
	const people = staff.filter((_, index) => index % (count / PEOPLE) === 0);
	const vestibule = await startVestibule(url, { clinics: "many" });
	await untilIdle(vestibule);
	return { db, url, shortName, people, vestibule };
}

/** What is due at the start is over all clinics, and is not what is measured here. */
async function untilIdle(vestibule: Vestibule): Promise<void> {
	for (;;) {
		const before = await vestibule.cpu();
		await wait(1000);
		const { process } = await vestibule.cpu();
		if (cpuSpentMs(before.process, process) < IDLE_MS_A_SECOND) return;
	}
}
