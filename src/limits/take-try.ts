import type { Db } from "../db/connect.ts";
import { beforeCommit, type Tx } from "../db/transaction.ts";
import {
	countDifferent,
	type Different,
	differentForgottenAt,
	differentTakenBack,
	nothingTried,
	readDifferent,
} from "./different.rule.ts";
import { countTry, type Standing, standingNow, takenBack, type Verdict } from "./limits.rule.ts";
import { type Limit, type LimitName, limitFor, lockOrder } from "./limits.ts";
import { deleteTries, findTries, lockTries, type ProfileTries, type TriesOf, writeTries } from "./store.ts";
import { forgottenAt, noTries, readTries, type Tries } from "./tries.rule.ts";

export type { Standing, Verdict } from "./limits.rule.ts";
export { findProfileTries, type ProfileTries, readProfileTries, type TriesOf } from "./store.ts";

/** A try of one limit, among several. */
export type Wanted = TriesOf & { name: LimitName };

/** What several tries are told together: all have been counted, or none. */
export type VerdictOnAll<N extends LimitName, T extends TakenTry<N> = TakenTry<N>> =
	| { kind: "go"; taken: readonly T[] }
	/** `by` is the limit that refuses longest; `until` is past every date where it is closed. */
	| { kind: "refused"; by: N; until: number; isFirstRefusal: boolean };

/** A try that was counted, and how many may follow before a wait. */
export type TakenTry<N extends LimitName = LimitName> = { wanted: Wanted & { name: N }; left: number };

/** One that the transaction counts as its last thing, unless it proves right before. */
export type HeldTry<N extends LimitName = LimitName> = TakenTry<N> & { stored: string; change: After };

const FRESH = JSON.stringify(noTries);
const FRESH_DIFFERENT = JSON.stringify(nothingTried);
/** Past every date. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Takes one try before anything is compared. Commit it whatever the outcome. Parallel tries of one key wait
 * for each other, so that exactly as many go as the limit says.
 */
export async function takeTry(tx: Tx, name: LimitName, of: TriesOf, now: number): Promise<Verdict> {
	const wanted = { ...of, name };
	const decision = decideOn(wanted, await lockRow(tx, wanted), now);
	await write(tx, decision);
	return decision.verdict;
}

/** Takes a try of each limit, or of none where one of them refuses. Commit it whatever the outcome. */
export async function takeTries<N extends LimitName>(
	tx: Tx,
	wanted: readonly (Wanted & { name: N })[],
	now: number,
): Promise<VerdictOnAll<N>> {
	const inOrder = wanted.toSorted((a, b) => lockOrder(a.name, b.name));
	// Sent in this order, and so locked in it, each without waiting for the answer to the one before.
	const locked = inOrder.map(async (one) => ({ wanted: one, stored: await lockRow(tx, one) }));
	const verdict = await decideOnAll(tx, await Promise.all(locked), now);
	if (verdict.kind === "go") await writeHeld(tx, verdict.taken);
	return verdict;
}

/**
 * Takes a try as `takeTries` does, of limits that a profile's lock is for and of what is proven in this transaction: the
 * tries are written as its last thing, counted or as `giveBackHeld` left them.
 *
 * @param read what `readProfileTries` gave in this transaction
 */
export async function holdTries<N extends LimitName>(
	tx: Tx,
	wanted: readonly (Wanted & { name: N })[],
	read: ProfileTries,
	now: number,
): Promise<VerdictOnAll<N, HeldTry<N>>> {
	const asked = wanted.map((one) => ({ wanted: one, stored: storedIn(read, one) }));
	const verdict = await decideOnAll(tx, asked, now);
	// Guessing: nobody who takes a try can leave it uncounted.
	if (verdict.kind === "go") beforeCommit(tx, () => writeHeld(tx, verdict.taken));
	return verdict;
}

/** Takes back tries that this same transaction holds, as `giveBackTry` does. */
export function giveBackHeld(held: readonly HeldTry[], takenAt: number): void {
	for (const one of held) one.change = withTryBack(one.wanted, one.change.state, takenAt);
}

async function decideOnAll<N extends LimitName>(
	tx: Tx,
	locked: readonly { wanted: Wanted & { name: N }; stored: string }[],
	now: number,
): Promise<VerdictOnAll<N, HeldTry<N>>> {
	const decisions = locked.map(({ wanted, stored }) => ({ ...decideOn(wanted, stored, now), wanted }));
	const taken: HeldTry<N>[] = [];
	const refusals = decisions.flatMap((decision) => {
		const { wanted, stored, verdict, state, expiresAt } = decision;
		if (verdict.kind === "go") {
			taken.push({ wanted, stored, left: verdict.left, change: { state, expiresAt } });
			return [];
		}
		const until = verdict.kind === "wait" ? verdict.until : NEVER;
		return [{ decision, by: wanted.name, until, isFirstRefusal: verdict.isFirstRefusal }];
	});
	const refusal = longest(refusals);
	if (!refusal) return { kind: "go", taken };
	// Of what is refused nothing is counted: only that it was, so that it is one event.
	await Promise.all(refusals.map(({ decision }) => write(tx, decision)));
	const { by, until, isFirstRefusal } = refusal;
	return { kind: "refused", by, until, isFirstRefusal };
}

/**
 * What `takeTries` would say, with nothing counted; for the page that shows it.
 *
 * @param read what `findProfileTries` gave, where all are limits that a profile's lock is for
 */
export async function peekAtTries<N extends LimitName>(
	db: Db,
	wanted: readonly (Wanted & { name: N })[],
	now: number,
	read?: ProfileTries,
): Promise<{ kind: "go" } | { kind: "refused"; by: N; until: number }> {
	const decisions = await Promise.all(
		wanted.map(async (one) => {
			const stored = read ? read.get(one.name) : await findTries(db, one.name, one);
			return { by: one.name, verdict: decideOn(one, stored ?? freshOf(one), now).verdict };
		}),
	);
	const refusals = decisions.flatMap(({ by, verdict }) =>
		verdict.kind === "go" ? [] : [{ by, until: verdict.kind === "wait" ? verdict.until : NEVER }],
	);
	const refusal = longest(refusals);
	return refusal ? { kind: "refused", ...refusal } : { kind: "go" };
}

/** How a limit stands, with nothing counted; for the page that shows it. */
export async function peekTries(db: Db, name: LimitName, of: TriesOf, now: number): Promise<Standing> {
	const limit = limitFor(name, of.clinic);
	const stored = (await findTries(db, name, of)) ?? FRESH;
	return standingNow(limit, readTries(limit, stored, now), now);
}

/**
 * Takes back the newest try counted until `takenAt`, since it proved right, and ends waits and the count of
 * tries in a row. What was closed stays closed.
 *
 * @param takenAt the time the try was taken, or any later one for the newest
 * @param read what `readProfileTries` gave in this transaction
 */
export async function giveBackTry(
	tx: Tx,
	name: LimitName,
	of: TriesOf,
	takenAt: number,
	read?: ProfileTries,
): Promise<void> {
	const wanted = { ...of, name };
	const stored = read ? storedIn(read, wanted) : await lockRow(tx, wanted);
	await write(tx, { wanted, stored, ...withTryBack(wanted, stored, takenAt) });
}

/** Takes back a try of each, as `giveBackTry` does. */
export async function giveBackTries(tx: Tx, given: readonly Wanted[], takenAt: number): Promise<void> {
	for (const one of given.toSorted((a, b) => lockOrder(a.name, b.name))) {
		await giveBackTry(tx, one.name, one, takenAt);
	}
}

/** Forgets all tries of one key, waits and closing included: a new password was set, or support unlocked. */
export function clearTries(tx: Tx, name: LimitName, of: TriesOf): Promise<void> {
	return deleteTries(tx, name, of);
}

/** Ends the wait of one key and forgets its tries; those in a row go on counting, and what was closed stays closed. */
export async function endWait(tx: Tx, name: LimitName, of: TriesOf, now: number): Promise<void> {
	const limit = limitFor(name, of.clinic);
	const stored = await lockTries(tx, name, of, FRESH);
	const { lastTryAt, inARow, isClosed } = readTries(limit, stored, now);
	await write(tx, {
		wanted: { ...of, name },
		stored,
		...counted(limit, { ...noTries, lastTryAt, inARow, isClosed }),
	});
}

/** Closes a limit for one key until it is cleared. */
export async function closeLimit(tx: Tx, name: LimitName, of: TriesOf, now: number): Promise<void> {
	const limit = limitFor(name, of.clinic);
	const stored = await lockTries(tx, name, of, FRESH);
	const tries = readTries(limit, stored, now);
	const after = counted(limit, { ...tries, isClosed: true, isRefusing: false });
	await write(tx, { wanted: { ...of, name }, stored, ...after });
}

/** What the row of a limit is to hold, and from when on it may be deleted. */
type After = { state: string; expiresAt: number };
type Change = After & { wanted: Wanted; stored: string };
type Decision = Change & { verdict: Verdict };

/** Locks the row of one limit and key. @returns what it holds */
function lockRow(tx: Tx, wanted: Wanted): Promise<string> {
	return lockTries(tx, wanted.name, wanted, freshOf(wanted));
}

function decideOn(wanted: Wanted, stored: string, now: number): Decision {
	const limit = limitFor(wanted.name, wanted.clinic);
	if (limit.countsDifferent) {
		const { verdict, after } = countDifferent(limit, readDifferent(limit, stored, now), what(wanted), now);
		return { wanted, stored, verdict, ...kept(limit, after) };
	}
	const { verdict, after } = countTry(limit, readTries(limit, stored, now), now);
	return { wanted, stored, verdict, ...counted(limit, after) };
}

/** Of those that refuse, the one that does longest. */
function longest<R extends { until: number }>(refusals: readonly R[]): R | undefined {
	return refusals.toSorted((a, b) => b.until - a.until)[0];
}

/** What a row that holds `stored` is to hold once the newest try is taken back. */
function withTryBack(wanted: Wanted, stored: string, takenAt: number): After {
	const limit = limitFor(wanted.name, wanted.clinic);
	return limit.countsDifferent
		? kept(limit, differentTakenBack(readDifferent(limit, stored, takenAt), what(wanted), takenAt))
		: counted(limit, takenBack(limit, readTries(limit, stored, takenAt), takenAt));
}

function writeHeld(tx: Tx, held: readonly HeldTry[]): Promise<unknown> {
	return Promise.all(held.map(({ wanted, stored, change }) => write(tx, { wanted, stored, ...change })));
}

async function write(tx: Tx, { wanted, stored, state, expiresAt }: Change): Promise<void> {
	// A refused try changes nothing but the first time.
	if (state !== stored) await writeTries(tx, wanted.name, wanted, state, expiresAt);
}

function counted(limit: Limit, tries: Tries): After {
	return { state: JSON.stringify(tries), expiresAt: forgottenAt(limit, tries) };
}

function kept(limit: Limit, different: Different): After {
	return { state: JSON.stringify(different), expiresAt: differentForgottenAt(limit, different) };
}

function storedIn(read: ProfileTries, wanted: Wanted): string {
	return read.get(wanted.name) ?? freshOf(wanted);
}

function freshOf({ name, clinic }: Wanted): string {
	return limitFor(name, clinic).countsDifferent ? FRESH_DIFFERENT : FRESH;
}

function what({ what }: TriesOf): string {
	if (what === undefined) throw new Error("A limit on different things needs to know which one is tried");
	return what;
}
