import { recordEvent } from "../activity/record.ts";
import { eachClinic } from "../clinics/store.ts";
import { eventOf } from "../colleagues/done-by.ts";
import type { Config } from "../config.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type SealedColumn, type SealedValue, sealedColumns, sealedUnderFirstKey } from "./sealed-column.ts";
import { listSealed, replaceSealed } from "./store.ts";

/** How many rows are sealed anew in one transaction: few, so that sign-ins hardly wait. */
const BATCH = 100;

type Needs = Pick<Deps, "db" | "clock"> & { config: Pick<Config, "keyring"> };

export type SealedAnew = {
	/** Rows that an earlier key had sealed. */
	rows: number;
	/** Rows that no key of the ring opens; they stay as they are. */
	unopened: number;
};

/**
 * Seals everything that an earlier key sealed anew under the first key of the ring, clinic by clinic. It may be ended
 * at any moment and run again: what is done stays done. What somebody changes meanwhile is left as they wrote it.
 */
export async function sealAnew(deps: Needs): Promise<SealedAnew> {
	const { db, config } = deps;
	const done = { rows: 0, unopened: 0 };
	for await (const { clinicId } of eachClinic(db)) {
		let isRecorded = false;
		for (const column of sealedColumns) {
			for await (const batch of batchesOfEarlierKeys(db, config.keyring, column, clinicId)) {
				const { rows, unopened } = await sealBatch(deps, column, clinicId, batch, !isRecorded);
				done.rows += rows;
				done.unopened += unopened;
				isRecorded ||= rows > 0;
			}
		}
	}
	return done;
}

async function sealBatch(
	{ db, config, clock }: Needs,
	column: SealedColumn,
	clinicId: string,
	batch: SealedValue[],
	isFirst: boolean,
): Promise<SealedAnew> {
	const { keyring } = config;
	const sealed = batch.flatMap((value) => {
		const anew = sealedUnderFirstKey(keyring, column, clinicId, value);
		return anew === undefined ? [] : [{ value, anew }];
	});
	const rows = await inTransaction(db, async (tx) => {
		let replaced = 0;
		for (const { value, anew } of sealed) {
			if (await replaceSealed(tx, column, clinicId, value, anew)) replaced++;
		}
		if (isFirst && replaced > 0) {
			const event = eventOf({ kind: "operator", now: clock() }, clinicId, null);
			const detail = { keyId: keyring.currentId };
			await recordEvent(tx, keyring, { ...event, kind: "keys-rotated", detail });
		}
		return replaced;
	});
	return { rows, unopened: batch.length - sealed.length };
}

async function* batchesOfEarlierKeys(
	db: Db,
	keyring: Keyring,
	column: SealedColumn,
	clinicId: string,
): AsyncGenerator<SealedValue[]> {
	for (let after = ""; ; ) {
		const page = await listSealed(db, column, clinicId, after, BATCH);
		const batch = page.filter(({ sealed }) => keyring.isSealedByEarlierKey(sealed));
		if (batch.length > 0) yield batch;
		const last = page.at(-1);
		if (last === undefined || page.length < BATCH) return;
		after = last.id;
	}
}
