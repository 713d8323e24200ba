import { minutes, seconds } from "../clock.ts";

/** Nobody is kept from a code by a wait longer than the code lives. */
const LONGEST_MS = minutes(5);

/**
 * How long a server asks to wait: `Retry-After` in seconds (RFC 9110, 10.2.3).
 *
 * @returns milliseconds; undefined where it does not say so
 */
export function retryAfterMs(header: string | null): number | undefined {
	return header !== null && /^\d{1,9}$/.test(header)
		? Math.min(seconds(Number(header)), LONGEST_MS)
		: undefined;
}
