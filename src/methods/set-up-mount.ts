import type { Tx } from "../db/transaction.ts";
import type { setUpPaths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Answer } from "../web/answer.ts";
import type { Visit } from "../web/visit.ts";
import type { TurnedOn } from "./turn-on.ts";

/** Who is setting up: the session or sign-in that holds the set-up, whose it is, and how its pages look. */
export type Holder = {
	/** The id of the session or sign-in; a set-up ends with it. */
	holderId: string;
	/** As read for this request. */
	profile: Profile;
	/** The visit inside it, with its form token. */
	visit: Visit;
	/** Leads away with nothing changed. */
	cancelPath: string;
	/** What "Step 2 of 4" says on the two pages. */
	steps: Record<"key" | "code", { at: number; of: number }>;
};

/**
 * What a set-up is told by whoever mounts it: where it is, who is asking, and what to do when done. It is mounted
 * once for a session and once for a forced set-up inside a sign-in, and knows neither.
 *
 * `H` is the mounting part's own kind of holder; `P` is what it prepares for turning on.
 */
export type SetUpMount<H extends Holder, P> = {
	/**
	 * The addresses, from `setUpPaths`. `start` is the mounting part's own page: it asks again whatever has to be
	 * asked, calls `beginSetUp` and leads to `key`.
	 */
	paths: ReturnType<typeof setUpPaths>;

	/**
	 * What stands before each page: who is asking, decided anew from the database, or the answer to give instead.
	 * With POST it also checks the form token.
	 */
	asking(visit: Visit, method: "GET" | "POST"): Promise<H | Answer>;

	/** Slow work before the transaction, as hashing the new Recovery Code. Nothing of it may be kept if no code is right. */
	prepare(holder: H): Promise<P>;

	/**
	 * Whether the holder still stands, asked in the transaction with the profile locked: the session or sign-in has
	 * not ended, and in a forced set-up there is still no method. That the profile is active and that nothing about
	 * how this person gets in has changed since the set-up began is checked already.
	 */
	mayTurnOn(tx: Tx, holder: H): Promise<boolean>;

	/**
	 * What else turning on means, in the same transaction: the methods it ends, the new Recovery Code, the session it
	 * starts, the emails and, last, the events. The transaction may run again, so it does nothing beyond `tx`.
	 *
	 * @returns what is answered once all of it is committed; undefined where the holder ended at the same moment: then
	 *   nothing of it stays
	 */
	turnedOn(tx: Tx, holder: H, prepared: P, on: TurnedOn): Promise<Answer | undefined>;

	/** A page of it opened where none is under way: leads to its start, or, on the way back from its end, there. */
	notUnderWay(holder: H): Promise<Answer>;

	/** The same form posted twice: leads on to where the first one led. */
	done(holder: H): Promise<Answer>;
};
