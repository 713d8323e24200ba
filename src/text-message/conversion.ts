import { days, hours } from "../clock.ts";
import { codesOfCountries } from "../db/across-clinics.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import type { Conversion } from "./conversion.rule.ts";

/** Every code counts a row of its hour up: with so many rows, sign-ins of all clinics seldom wait for the same one. */
const PARTS = 16;

/**
 * Counts a code that is texted, once however often it is resent. Comes after the tries and before the outbox and the
 * events.
 *
 * @param country of the number, ISO 3166-1 alpha-2
 */
export async function noteCodeSent(tx: Tx, country: string, now: number): Promise<void> {
	await codesOfCountries.add(tx, country, hourOf(now), now % PARTS, 1, 0);
}

/** Counts a texted code that was used, with the order of `noteCodeSent`. */
export async function noteCodeUsed(tx: Tx, country: string, now: number): Promise<void> {
	await codesOfCountries.add(tx, country, hourOf(now), now % PARTS, 0, 1);
}

/** The codes texted and used in the last day, by country: 23 whole hours and this one. */
export function readConversion(db: Db, now: number): Promise<Conversion[]> {
	return codesOfCountries.sumAfter(db, hourOf(now) - days(1));
}

/** Deletes what no longer counts. */
export async function forgetConversion(tx: Tx, now: number): Promise<void> {
	await codesOfCountries.deleteUntil(tx, hourOf(now) - days(1));
}

function hourOf(at: number): number {
	return at - (at % hours(1));
}
