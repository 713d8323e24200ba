import { hours } from "../clock.ts";

/** Each code that was sent works for so long, or until one of them is used. */
export const EMAILED_CODE_LIVES_MS = hours(1);
/** For so long after it one that is over can still be told from a wrong one. */
export const EMAILED_CODE_KEPT_MS = hours(1);
export const EMAILED_CODE_DIGITS = 8;

/** A code that was emailed. The newest that lives is the one that a page speaks of. */
export type EmailedCode = {
	/** The email that carries it has the same id. */
	codeId: string;
	hash: string;
	madeAt: number;
	expiresAt: number;
	spentAt: number | null;
};

export function isLive({ spentAt, expiresAt }: EmailedCode, now: number): boolean {
	return spentAt === null && now < expiresAt;
}
