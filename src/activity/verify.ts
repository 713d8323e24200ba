import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityMarkRow } from "../db/tables.ts";
import { BEFORE_THE_FIRST, type Link, textToSign } from "./chain.ts";
import { findMark, isGenuine, linkBefore } from "./mark.ts";
import { findHead, latestNumber, storedEvents, tellsOfRetention } from "./stored-events.ts";

export type Verification =
	/** Every event that is kept is as it was recorded; `latest` is undefined where there never was one. */
	| { kind: "intact"; latest: Link | undefined; keptFrom: number }
	/** The same, but the event that was expected is older than those that are kept. */
	| { kind: "not-kept"; latest: Link; keptFrom: number }
	/** `number` is the first that is not as it was. */
	| { kind: "broken"; number: number; how: Broken };

export type Broken =
	/** Its code does not fit its columns and the event before: it was changed, inserted or moved. */
	| "changed"
	/** There is none with this number, but there was. */
	| "removed"
	/** It fits those before it, but is not the one that was expected. */
	| "another"
	/** The latest number and code kept beside the events are not those of the events. */
	| "head"
	/** The mark that retention left after this number was changed or moved, or is gone. */
	| "mark";

/**
 * Reads all events of a clinic in order, in constant memory, from the mark that retention left on, and names the first
 * that was changed, inserted, reordered or removed. Who can write to the database can cut the end off and set the head
 * back to it: only `expect` shows that. Goes on while events are being recorded, and taken away.
 *
 * @param expect the number and code of an event, as an export or the log had it
 */
export async function verifyActivity(
	db: Db,
	keyring: Keyring,
	clinicId: string,
	expect?: Link,
): Promise<Verification> {
	for (;;) {
		const mark = await findMark(db, clinicId);
		const found = await verifyFrom(db, keyring, clinicId, mark, expect);
		// Retention took events away meanwhile: what looks removed is what went.
		const marked = await findMark(db, clinicId);
		if (found.kind !== "broken" || marked?.mark === mark?.mark) return found;
	}
}

async function verifyFrom(
	db: Db,
	keyring: Keyring,
	clinicId: string,
	mark: ActivityMarkRow | undefined,
	expect: Link | undefined,
): Promise<Verification> {
	if (mark && !isGenuine(keyring, mark)) return broken(mark.number, "mark");
	// In this order: an event and its head are written together, so no head read later is behind this number.
	const newest = await latestNumber(db, clinicId);
	const head = (await findHead(db, clinicId)) ?? { number: 0, code: BEFORE_THE_FIRST };

	const before = linkBefore(mark);
	// The last that went is not the one that was expected.
	if (expect?.number === before.number && expect.code !== before.code)
		return broken(expect.number, "another");
	let last = before;
	for await (const event of storedEvents(db, clinicId, Math.max(newest, head.number))) {
		if (event.number > last.number + 1) {
			// Retention took away what is missing, but what it left to tell so is gone.
			const isUnmarked = !mark && last === before && (await tellsOfRetention(db, clinicId));
			// A gap: those between are gone.
			return isUnmarked ? broken(event.number - 1, "mark") : broken(last.number + 1, "removed");
		}
		// Whatever was changed in a row, its code, its number or its place, the code does not fit any more.
		const fits = keyring.matchesKeyedHash("activity", textToSign(event, last.code), event.code);
		if (event.number !== last.number + 1 || !fits) return broken(event.number, "changed");
		// A chain that holds, but was begun again since.
		if (event.number === expect?.number && event.code !== expect.code) return broken(event.number, "another");
		last = { number: event.number, code: event.code };
	}

	// A cut at the end.
	if (last.number < Math.max(head.number, expect?.number ?? 0)) return broken(last.number + 1, "removed");
	// A head set back, so that a cut would not be seen.
	if (head.number < newest) return broken(head.number + 1, "head");
	if (head.code !== last.code) return broken(last.number, "head");
	const keptFrom = before.number + 1;
	if (expect && expect.number < before.number) return { kind: "not-kept", latest: last, keptFrom };
	return { kind: "intact", latest: last.number === 0 ? undefined : last, keptFrom };
}

function broken(number: number, how: Broken): Verification {
	return { kind: "broken", number, how };
}
