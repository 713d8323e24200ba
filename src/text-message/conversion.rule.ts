/** How many of the codes texted to a country in the last day were used. */
export type Conversion = { country: string; sent: number; used: number };

/** With fewer codes a low share says nothing. */
const ENOUGH_SENT = 50;
const LOW_SHARE = 0.3;

/**
 * Whether so few codes are used that somebody may be making the operator pay for messages: people who ask for a code
 * enter it.
 */
export function isLow({ sent, used }: Conversion): boolean {
	return sent >= ENOUGH_SENT && used < sent * LOW_SHARE;
}

/** How many in a hundred were used, as a whole number. */
export function percentUsed({ sent, used }: Conversion): number {
	return sent === 0 ? 0 : Math.round((used / sent) * 100);
}
