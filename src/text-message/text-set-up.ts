import type { SetUp } from "../methods/set-up.rule.ts";

/** A set-up of text messages. */
export type TextSetUp = SetUp & {
	/** E.164, once one was entered; null before. */
	number: string | null;
	/** As it was typed, or what the staff profile has. */
	typedNumber: string;
};
