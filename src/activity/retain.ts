import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import { type Link, textToSign } from "./chain.ts";
import { withoutVisit } from "./during.ts";
import { MOST_OLD_AT_ONCE_MS, whenClockShowsItself } from "./kept-since.rule.ts";
import { findMark, isGenuine, linkBefore, moveMark } from "./mark.ts";
import { recordEvent } from "./record.ts";
import { eventsAfter, hasEventAt } from "./stored-events.ts";

export type Retained =
	/** `isLast` where what is left is kept. */
	| { kind: "taken"; count: number; isLast: boolean }
	/** The event of this number, or the mark before it, is not as it was recorded: it stays, with all that follow. */
	| { kind: "broken"; number: number }
	/** The clock that makes so much old may have jumped ahead: all of it stays. */
	| { kind: "held" };

/** So few that nobody waits for it. */
const AT_ONCE = 500;

/**
 * Takes away a clinic's oldest events, a batch of them: those from its first one on that are older than `before`. In
 * one transaction they go, the keyed mark of the last of them comes, and it is recorded. Where more became old at once
 * than time alone makes old, it waits until the clock has gone on for as long.
 *
 * @param before epoch milliseconds
 */
export async function retainActivity(
	db: Db,
	keyring: Keyring,
	clinicId: string,
	{ before, now }: { before: number; now: number },
): Promise<Retained> {
	const mark = await findMark(db, clinicId);
	// Whoever forged a mark would have its end of the chain made good by the next one.
	if (mark && !isGenuine(keyring, mark)) return { kind: "broken", number: mark.number };

	const oldest = await eventsAfter(db, clinicId, linkBefore(mark).number, AT_ONCE);
	const old = olderThan(oldest, before);
	const last = old.at(-1);
	if (!last) return { kind: "taken", count: 0, isLast: true };
	// Whoever changed the times of events would have them taken away, and the gap made good.
	const broken = firstBroken(keyring, linkBefore(mark), old);
	if (broken !== undefined) return { kind: "broken", number: broken };
	// A clock that jumps years ahead takes nothing away for ever.
	if (await mayClockHaveJumped(db, clinicId, oldest, { before, now })) return { kind: "held" };

	const isOurs = await inTransaction(db, async (tx) => {
		const to = { clinic_id: clinicId, number: last.number, code: last.code, at: now };
		// Of two processes at once only one takes them away.
		if (!(await moveMark(tx, keyring, mark, to))) return false;
		await tx
			.deleteFrom("activity_events")
			.where("clinic_id", "=", clinicId)
			.where("number", ">", linkBefore(mark).number)
			.where("number", "<=", last.number)
			.execute();
		await recordEvent(tx, keyring, {
			...withoutVisit("vestibule", clinicId, now),
			kind: "activity-retained",
			detail: { upTo: last.number },
		});
		return true;
	});
	return { kind: "taken", count: isOurs ? old.length : 0, isLast: !isOurs || old.length < AT_ONCE };
}

/** Whether retention takes nothing away from a clinic, since the clock may have jumped ahead. It changes nothing. */
export async function isRetentionHeld(
	db: Db,
	clinicId: string,
	at: { before: number; now: number },
): Promise<boolean> {
	const mark = await findMark(db, clinicId);
	const oldest = await eventsAfter(db, clinicId, linkBefore(mark).number, 1);
	return mayClockHaveJumped(db, clinicId, oldest, at);
}

/**
 * Whether more became old at once than a clock makes old that goes as clocks do, and this one has not gone on long
 * enough to be believed.
 *
 * @param oldest events from the first that is kept on
 */
async function mayClockHaveJumped(
	db: Db,
	clinicId: string,
	[first]: readonly ActivityEventRow[],
	{ before, now }: { before: number; now: number },
): Promise<boolean> {
	if (!first || before - first.at <= MOST_OLD_AT_ONCE_MS) return false;
	return !(await hasEventAt(db, clinicId, whenClockShowsItself(now)));
}

/** Those of the first that are older: the chain keeps no gaps, so that one that is younger keeps all after it. */
function olderThan(oldest: readonly ActivityEventRow[], before: number): readonly ActivityEventRow[] {
	const firstKept = oldest.findIndex(({ at }) => at >= before);
	return firstKept === -1 ? oldest : oldest.slice(0, firstKept);
}

function firstBroken(keyring: Keyring, mark: Link, events: readonly ActivityEventRow[]): number | undefined {
	let before = mark;
	for (const event of events) {
		const follows = event.number === before.number + 1;
		if (!follows || !keyring.matchesKeyedHash("activity", textToSign(event, before.code), event.code)) {
			return before.number + 1;
		}
		before = event;
	}
	return undefined;
}
