import { setTimeout as wait } from "node:timers/promises";
import { canReadCpu, residentMb } from "./cpu.ts";
import { atMost, forReading, type Line, notMeasured } from "./report.ts";
import { median, withSpread } from "./statistics.ts";
import { startVestibule, type Vestibule } from "./vestibule.ts";

const MOST_MS = 1000;
const MOST_MB = 130;
const STARTS = 7;
const IDLE_MS = 5_000;

/** From `vestibule serve` on an existing database to its first page, and the memory it holds when nobody comes. */
export async function measureStartUp(databaseUrl: string): Promise<Line[]> {
	const firstPage: number[] = [];
	const idle: number[] = [];
	for (let start = 0; start < STARTS; start++) {
		const vestibule = await startVestibule(databaseUrl);
		firstPage.push(vestibule.firstPageMs);
		if (start >= STARTS - 2) {
			await wait(IDLE_MS);
			idle.push(residentMb(vestibule.pid));
		}
		await vestibule.stop();
	}
	return [
		atMost(
			"from `vestibule serve` to the first page",
			MOST_MS,
			" ms",
			median(firstPage),
			withSpread(firstPage, " ms", 0),
		),
		idleMemory(idle),
	];
}

/** The same once it has worked and nobody comes any more; hashing leaves its memory with the process. */
export async function measureMemoryAfterWork({ pid }: Vestibule): Promise<Line[]> {
	if (!canReadCpu) return [];
	await wait(IDLE_MS);
	return [forReading("… idle after all of the above", `${residentMb(pid).toFixed(0)} MB`)];
}

function idleMemory(megabytes: number[]): Line {
	const what = "memory, idle after the start";
	if (!canReadCpu)
		return notMeasured(what, `at most ${MOST_MB} MB`, "only Linux tells the memory of a process");
	return atMost(what, MOST_MB, " MB", median(megabytes), withSpread(megabytes, " MB", 0));
}
