import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type SentCode, sendEmailedCode } from "../emailed-code/send-code.ts";
import { lockProfile } from "../profiles/store.ts";
import { dueNow } from "./due-now.ts";
import type { SignInVisit } from "./gate.tsx";
import { asksEmailedCode, type Step } from "./journey.rule.ts";

export type AskedForEmailedCode = SentCode | { kind: "elsewhere"; step: Step } | { kind: "over" };

/** **Email me a code**: sends one while the emailed code is what is due. */
export async function askForEmailedCode(deps: Deps, visit: SignInVisit): Promise<AskedForEmailedCode> {
	const { clinicId, profileId } = visit.signIn.profile;
	return inTransaction(deps.db, async (tx): Promise<AskedForEmailedCode> => {
		await lockProfile(tx, clinicId, profileId);
		const due = await dueNow(tx, visit);
		if (!due) return { kind: "over" };
		if (!asksEmailedCode(due.step)) return { kind: "elsewhere", step: due.step };
		return sendEmailedCode(tx, deps, visit, due.signIn.profile);
	});
}
