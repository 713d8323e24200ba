import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import { countTry, type Standing, standingNow, takenBack, type Verdict } from "./limits.rule.ts";
import { type LimitName, limits } from "./limits.ts";
import { deleteTries, findTries, lockTries, type TriesOf, writeTries } from "./store.ts";
import { forgottenAt, noTries, readTries, type Tries } from "./tries.rule.ts";

export type { Standing, Verdict } from "./limits.rule.ts";
export type { TriesOf } from "./store.ts";

const FRESH = JSON.stringify(noTries);

/**
 * Takes one try before anything is compared. Commit it whatever the outcome. Parallel tries of one key wait
 * for each other, so that exactly as many go as the limit says.
 */
export async function takeTry(tx: Tx, name: LimitName, of: TriesOf, now: number): Promise<Verdict> {
	const stored = await lockTries(tx, name, of, FRESH);
	const { verdict, after } = countTry(limits[name], readTries(limits[name], stored, now), now);
	await write(tx, name, of, stored, after);
	return verdict;
}

/** How a limit stands, with nothing counted; for the page that shows it. */
export async function peekTries(db: Db, name: LimitName, of: TriesOf, now: number): Promise<Standing> {
	const stored = (await findTries(db, name, of)) ?? FRESH;
	return standingNow(limits[name], readTries(limits[name], stored, now), now);
}

/**
 * Takes back the newest try counted until `takenAt`, since it proved right, and ends waits and the count of
 * tries in a row. What was closed stays closed.
 *
 * @param takenAt the time the try was taken, or any later one for the newest
 */
export async function giveBackTry(tx: Tx, name: LimitName, of: TriesOf, takenAt: number): Promise<void> {
	const stored = await lockTries(tx, name, of, FRESH);
	const tries = readTries(limits[name], stored, takenAt);
	await write(tx, name, of, stored, takenBack(limits[name], tries, takenAt));
}

/** Forgets all tries of one key, waits and closing included: a new password was set, or support unlocked. */
export function clearTries(tx: Tx, name: LimitName, of: TriesOf): Promise<void> {
	return deleteTries(tx, name, of);
}

/** Closes a limit for one key until it is cleared. */
export async function closeLimit(tx: Tx, name: LimitName, of: TriesOf, now: number): Promise<void> {
	const stored = await lockTries(tx, name, of, FRESH);
	const tries = readTries(limits[name], stored, now);
	await write(tx, name, of, stored, { ...tries, isClosed: true, isRefusing: false });
}

async function write(tx: Tx, name: LimitName, of: TriesOf, stored: string, after: Tries): Promise<void> {
	const state = JSON.stringify(after);
	// A refused try changes nothing but the first time.
	if (state !== stored) await writeTries(tx, name, of, state, forgottenAt(limits[name], after));
}
