import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { BEFORE_THE_FIRST, type Link, textToSign } from "./chain.ts";
import { findHead, latestNumber, storedEvents } from "./stored-events.ts";

export type Verification =
	/** Every event is as it was recorded; `latest` is undefined where there is none. */
	| { kind: "intact"; latest: Link | undefined }
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
	| "head";

/**
 * Reads all events of a clinic in order, in constant memory, and names the first that was changed, inserted,
 * reordered or removed. Who can write to the database can cut the end off and set the head back to it: only
 * `expect` shows that. Goes on while events are being recorded.
 *
 * @param expect the number and code of an event, as an export or the log had it
 */
export async function verifyActivity(
	db: Db,
	keyring: Keyring,
	clinicId: string,
	expect?: Link,
): Promise<Verification> {
	// In this order: an event and its head are written together, so no head read later is behind this number.
	const newest = await latestNumber(db, clinicId);
	const head = (await findHead(db, clinicId)) ?? { number: 0, code: BEFORE_THE_FIRST };

	let last: Link = { number: 0, code: BEFORE_THE_FIRST };
	for await (const event of storedEvents(db, clinicId, Math.max(newest, head.number))) {
		// A gap: those between are gone.
		if (event.number > last.number + 1) return broken(last.number + 1, "removed");
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
	return { kind: "intact", latest: last.number === 0 ? undefined : last };
}

function broken(number: number, how: Broken): Verification {
	return { kind: "broken", number, how };
}
