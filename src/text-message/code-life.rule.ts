import { minutes, seconds } from "../clock.ts";

/** A code lives this long, the time the message takes included. */
export const CODE_LIVES_MS = minutes(5) + seconds(15);

/** With less than this left, sending again sends a new code beside the one that still works. */
const TOO_LITTLE_LEFT_MS = minutes(2);

/** Whether a code that lives is sent again as it is. */
export function isSentAgain(code: { expiresAt: number }, now: number): boolean {
	return code.expiresAt - now >= TOO_LITTLE_LEFT_MS;
}
