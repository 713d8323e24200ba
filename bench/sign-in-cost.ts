import { availableParallelism } from "node:os";
import { atOnce } from "./at-once.ts";
import type { Person } from "./clinic-of-many.ts";
import { canReadCpu, cpuSpentMs } from "./cpu.ts";
import { startHashingAlone } from "./hashing-alone.ts";
import { atMost, type Line, notMeasured } from "./report.ts";
import { A_ROUND, WARM_UP_ROUNDS } from "./rounds.ts";
import { signIn } from "./sign-in.ts";
import { median, withSpread } from "./statistics.ts";
import type { Vestibule } from "./vestibule.ts";

const MOST_MS = 5;
const WHAT = "a whole sign-in, CPU beyond its argon2id hash";

/** How many people it takes. */
export const staffForSignInCost = (rounds: number) => (WARM_UP_ROUNDS + rounds) * A_ROUND;

/** What a whole sign-in costs the server, beside what its one hash costs alone, turn and turn about. */
export async function measureSignInCost(
	vestibule: Vestibule,
	people: Person[],
	rounds: number,
): Promise<Line[]> {
	if (!canReadCpu)
		return [notMeasured(WHAT, `at most ${MOST_MS} ms`, "only Linux tells the CPU time of a process")];
	const threads = availableParallelism();
	const alone = await startHashingAlone();
	const beyond: number[] = [];
	const inDatabase: number[] = [];
	const share: number[] = [];
	for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
		const hashMs = await alone.hash(A_ROUND, threads);
		const before = await vestibule.cpu();
		await atOnce(threads, people.splice(0, A_ROUND), (person) => signIn(vestibule.site, person));
		const after = await vestibule.cpu();
		const signInMs = cpuSpentMs(before.process, after.process) / A_ROUND;
		if (round < 0) continue;
		beyond.push(signInMs - hashMs);
		share.push((100 * hashMs) / signInMs);
		inDatabase.push(cpuSpentMs(before.database, after.database) / A_ROUND);
	}
	await alone.stop();
	const database = median(inDatabase) > 0 ? `; in PostgreSQL ${withSpread(inDatabase, " ms")}` : "";
	const measured = `${withSpread(beyond, " ms")}; ${median(share).toFixed(0)} % of it is the hash${database}`;
	return [atMost(WHAT, MOST_MS, " ms", median(beyond), measured)];
}
