import type { SignedInBy } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Visit } from "../web/visit.ts";
import type { Due } from "./due-now.ts";
import { type FinishedSignIn, finishSignIn } from "./finish-sign-in.ts";
import type { Step } from "./journey.rule.ts";
import type { SignIn } from "./sign-in.ts";

/** Where a sign-in leads once something it asked was answered. */
export type Led =
	| { kind: "in"; finished: FinishedSignIn }
	| { kind: "elsewhere"; step: Step }
	/** The sign-in has ended, or something about this person changed. */
	| { kind: "over" };

/**
 * Leads on from what was just answered, in the open transaction that accepted it: to what is due next, or with
 * nothing left to ask into the session. The caller has locked the profile.
 */
export async function leadOn(tx: Tx, deps: Deps, visit: Visit, due: Due | undefined): Promise<Led> {
	if (!due) return { kind: "over" };
	const { signIn, step, methods } = due;
	if (step.kind !== "session") return { kind: "elsewhere", step };
	const { profile, signInId, returnTo } = signIn;
	const by = proofOf(signIn) ?? step.by;
	const finished = await finishSignIn(tx, deps, visit, { profile, signInId, methods, by, returnTo });
	return { kind: "in", finished };
}

/** What was asked for besides the password. */
function proofOf({ temporaryCodePassedAt, emailedCodePassedAt }: SignIn): SignedInBy | undefined {
	if (temporaryCodePassedAt !== null) return "temporary-code";
	return emailedCodePassedAt === null ? undefined : "emailed-code";
}
