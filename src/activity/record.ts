import type { Keyring } from "../crypto/keyring.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { BEFORE_THE_FIRST, textToSign } from "./chain.ts";
import type { Event } from "./events.ts";

/** When, whom it concerns, by whom and from where. */
export type EventContext = {
	clinicId: string;
	/** Epoch milliseconds. */
	at: number;
	/** Whom it concerns; null where that is nobody, or nobody known. */
	profileId: string | null;
	/** A profile id, `operator` (a command), `vestibule` (by itself) or `nobody` (somebody not signed in). */
	actor: string;
	address: string | null;
	browserName: string | null;
};

/** Where the next event of a clinic goes, with its chain locked until the transaction ends. */
type Head = { number: number; code: string };

/**
 * Locks the clinic's chain for the event that comes next, and surely comes. It may be sent together with the last
 * changes; nothing that another transaction could hold is waited for after it.
 */
export function lockChain(tx: Tx, clinicId: string): Promise<Head> {
	return moveHead.one(tx, { clinicId });
}

/**
 * Records one event in the transaction of the change it tells of, linked to the clinic's event before it.
 * Call it last: it locks the clinic's chain until the transaction ends.
 *
 * @param locked what `lockChain` gave in this transaction
 */
export async function recordEvent(
	tx: Tx,
	keyring: Keyring,
	event: EventContext & Event,
	locked?: Head,
): Promise<void> {
	const head = locked ?? (await lockChain(tx, event.clinicId));
	const row: Omit<ActivityEventRow, "code"> = {
		clinic_id: event.clinicId,
		number: head.number,
		at: event.at,
		kind: event.kind,
		profile_id: event.profileId,
		actor: event.actor,
		address: event.address && storable(event.address),
		browser_name: event.browserName && storable(event.browserName),
		detail: JSON.stringify(event.detail),
	};
	const code = keyring.keyedHash("activity", textToSign(row, head.code));
	// The chain is locked until the end: the commit goes with it.
	await insertEvent.writeAhead(tx, { ...row, code });
	await linkHead.writeAhead(tx, { clinicId: event.clinicId, code });
}

/** Locks the clinic's chain and gives the next event its number, with the code of the one before it. */
const moveHead = compiledOnce((tx: Tx, of: Given<{ clinicId: string }>) =>
	tx
		.insertInto("activity_heads")
		.values({ clinic_id: of.clinicId, number: 1, code: BEFORE_THE_FIRST })
		.onConflict((conflict) =>
			conflict.column("clinic_id").doUpdateSet((eb) => ({ number: eb("activity_heads.number", "+", 1) })),
		)
		.returning(["number", "code"]),
);

const insertEvent = compiledOnce((tx: Tx, row: Given<ActivityEventRow>) =>
	tx.insertInto("activity_events").values(row),
);

const linkHead = compiledOnce((tx: Tx, of: Given<{ clinicId: string; code: string }>) =>
	tx.updateTable("activity_heads").set({ code: of.code }).where("clinic_id", "=", of.clinicId),
);

/** What a database hands back as it was given, so that the code still fits: no NUL, no half characters. */
function storable(text: string): string {
	return text.replaceAll("\0", "").toWellFormed();
}
