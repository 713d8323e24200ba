import type { Deps } from "../deps.ts";
import { listMethods, type Method } from "../methods/store.ts";
import { thatWork } from "../methods/working-methods.ts";
import type { Profile } from "../profiles/profile.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { listWaitingCodes } from "../temporary-code/store.ts";
import { type Way, waysThatWork } from "./ways.rule.ts";

/**
 * What this person has, and the ways that can work now.
 *
 * @param given.methods those that are on, where they were read just now
 * @param given.signingInAt now, in a sign-in; a temporary code that waits counts nowhere else
 */
export async function readWays(
	deps: Pick<Deps, "db" | "config">,
	{ clinicId, profileId }: Profile,
	{ methods: given, signingInAt }: { methods?: readonly Method[] | undefined; signingInAt?: number } = {},
): Promise<{ methods: Method[]; ways: Way[]; hasRecoveryCode: boolean }> {
	const { db } = deps;
	const [on, recoveryCode, waiting] = await Promise.all([
		given ?? listMethods(db, clinicId, profileId),
		findRecoveryCode(db, clinicId, profileId),
		signingInAt === undefined ? [] : listWaitingCodes(db, clinicId, profileId, signingInAt),
	]);
	const methods = thatWork(deps, on);
	const hasRecoveryCode = recoveryCode !== undefined;
	const has = { recoveryCode: hasRecoveryCode, temporaryCode: waiting.length > 0 };
	return { methods, ways: waysThatWork(methods, has), hasRecoveryCode };
}
