import type { Deps } from "../deps.ts";
import type { Method } from "../methods/store.ts";
import { listWorkingMethods } from "../methods/working-methods.ts";
import type { Profile } from "../profiles/profile.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { type Way, waysThatWork } from "./ways.rule.ts";

/**
 * What this person has, and the ways that can work now.
 *
 * @param signingInAt now, in a sign-in; a temporary code that waits counts nowhere else
 */
export async function readWays(
	deps: Pick<Deps, "db" | "config">,
	{ clinicId, profileId }: Profile,
	signingInAt?: number,
): Promise<{ methods: Method[]; ways: Way[]; hasRecoveryCode: boolean }> {
	const { db } = deps;
	const methods = await listWorkingMethods(db, deps, clinicId, profileId);
	const hasRecoveryCode = (await findRecoveryCode(db, clinicId, profileId)) !== undefined;
	const waiting =
		signingInAt === undefined ? [] : await listWaitingCodes(db, clinicId, profileId, signingInAt);
	const has = { recoveryCode: hasRecoveryCode, temporaryCode: waiting.length > 0 };
	return { methods, ways: waysThatWork(methods, has), hasRecoveryCode };
}
