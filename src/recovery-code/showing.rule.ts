import { minutes } from "../clock.ts";
import type { Sealed } from "../crypto/keyring.ts";
import type { RecoveryCode } from "./store.ts";

/** How long a new code can be read again, unless **Done** comes first. */
export const READABLE_FOR_MS = minutes(15);

/** What the Recovery Code page can show of a person's code. */
export type Showing =
	| { kind: "code"; codeId: string; sealedCode: Sealed; madeAt: number; until: number }
	/** There is a code, and only its hash is left. */
	| { kind: "hidden"; codeId: string; madeAt: number; savedAt: number | null }
	| { kind: "none" };

/**
 * What one session can show: somebody who sits in another session of this person reads nothing.
 *
 * @param now epoch milliseconds; at `until` itself the code is hidden
 */
export function showingOf(code: RecoveryCode | undefined, sessionId: string, now: number): Showing {
	if (code === undefined) return { kind: "none" };
	const { codeId, madeAt, savedAt, sealed, shownTo } = code;
	if (sealed === undefined || savedAt !== null || shownTo !== sessionId || now >= sealed.until)
		return { kind: "hidden", codeId, madeAt, savedAt };
	return { kind: "code", codeId, madeAt, sealedCode: sealed.code, until: sealed.until };
}
