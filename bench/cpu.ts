import { readFileSync } from "node:fs";

/** CPU time of processes up to a moment, in milliseconds, user and kernel together. */
export type CpuReading = ReadonlyMap<number, number>;

/** `USER_HZ`, which is 100 on every Linux that Node runs on: what is read has steps of 10 ms. */
const TICKS_A_SECOND = 100;
const FIRST_FIELD_AFTER_NAME = 3;
const UTIME = 14 - FIRST_FIELD_AFTER_NAME;
const STIME = 15 - FIRST_FIELD_AFTER_NAME;

/** Whether this machine tells what CPU time another process took (Linux, proc(5)). */
export const canReadCpu = process.platform === "linux";

/** Reads /proc/<pid>/stat. A process that has ended is left out. */
export function readCpu(pids: readonly number[]): CpuReading {
	const reading = new Map<number, number>();
	for (const pid of pids) {
		const stat = readProcess(pid, "stat");
		if (stat === undefined) continue;
		// The name before it may hold spaces and brackets.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
		reading.set(pid, (ticks / TICKS_A_SECOND) * 1000);
	}
	return reading;
}

/** What all processes of the later reading took since the earlier one; those new in it, since they began. */
export function cpuSpentMs(earlier: CpuReading, later: CpuReading): number {
	return [...later].reduce((sum, [pid, ms]) => sum + ms - (earlier.get(pid) ?? 0), 0);
}

/** Memory a process holds in RAM, in MB of 1,000,000 bytes (VmRSS). */
export function residentMb(pid: number): number {
	const kib = /^VmRSS:\s*(\d+) kB$/m.exec(readProcess(pid, "status") ?? "")?.[1];
	return (Number(kib) * 1024) / 1_000_000;
}

function readProcess(pid: number, file: string): string | undefined {
	try {
		return readFileSync(`/proc/${pid}/${file}`, "utf8");
	} catch {
		return undefined;
	}
}
