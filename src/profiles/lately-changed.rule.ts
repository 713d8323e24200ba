import { days } from "../clock.ts";

/** For so long after a change of email or number the earlier one still counts for something. */
export const LATELY_MS = days(7);

/**
 * Whether a profile's email or mobile number was changed within 7 days: whoever took over an address or number gains
 * nothing by it in that time.
 *
 * @param changedAt epoch milliseconds; null where it never was
 */
export function wasChangedLately(changedAt: number | null, now: number): boolean {
	return changedAt !== null && now - changedAt < LATELY_MS;
}
