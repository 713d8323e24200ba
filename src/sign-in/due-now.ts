import type { Db } from "../db/connect.ts";
import type { Method } from "../methods/store.ts";
import type { Visit } from "../web/visit.ts";
import { readJourneyFacts } from "./facts.ts";
import { nextStep, type Step } from "./journey.rule.ts";
import type { SignIn } from "./sign-in.ts";
import { findSignIn } from "./store.ts";

/** A sign-in, what is due in it, and the methods that are on. */
export type Due = { signIn: SignIn; step: Step; methods: Method[] };

/**
 * The live sign-in of a visit and what is due in it, decided anew from the database. Inside a transaction that has
 * locked the profile nothing of the answer changes until it ends.
 *
 * @param declinesSetUp **Not now** is what is being answered
 * @returns undefined when the sign-in is over
 */
export async function dueNow(db: Db, visit: Visit, declinesSetUp = false): Promise<Due | undefined> {
	const { clinic, cookies, now } = visit;
	const signIn = cookies.signIn && (await findSignIn(db, clinic.clinicId, cookies.signIn.hash(), now));
	return signIn && dueIn(db, visit, signIn, declinesSetUp);
}

/** What is due in a sign-in that was found just now. */
export async function dueIn(db: Db, visit: Visit, signIn: SignIn, declinesSetUp = false): Promise<Due> {
	const { clinic, browser, now } = visit;
	const passed = { ...signIn, declinesSetUp };
	const at = { browserHash: browser.hash, now, clinic: db.isTransaction ? undefined : clinic };
	const facts = await readJourneyFacts(db, signIn.profile, passed, at);
	return { signIn, step: nextStep(facts), methods: facts.methods };
}
