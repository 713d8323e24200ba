import { once } from "node:events";
import type { Order } from "./bare-argon2.ts";
import { startChild } from "./child.ts";
import { PASSWORD, PASSWORD_HASH } from "./clinic-of-many.ts";
import { cpuSpentMs, readCpu } from "./cpu.ts";

/** What one argon2id hash of this product's costs when a process does nothing else. */
export type HashingAlone = {
	/** @returns milliseconds of CPU for one hash */
	hash: (times: number, atOnce: number) => Promise<number>;
	stop: () => Promise<void>;
};

export async function startHashingAlone(): Promise<HashingAlone> {
	const child = startChild("bare-argon2.ts", []);
	await once(child.process, "message");
	return {
		async hash(times, atOnce) {
			const order: Order = { password: PASSWORD, hash: PASSWORD_HASH, times, atOnce };
			const before = readCpu([child.pid]);
			child.process.send(order);
			await once(child.process, "message");
			return cpuSpentMs(before, readCpu([child.pid])) / times;
		},
		stop: child.stop,
	};
}
