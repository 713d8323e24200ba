import { inTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { deleteMethod, insertMethod, listMethods } from "../methods/store.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors, lockProfile } from "../profiles/store.ts";
import { AuthenticatorSecret } from "./secret.ts";
import { SET_UP_TRIES } from "./set-up.rule.ts";
import {
	deleteAuthenticatorApp,
	endSetUps,
	finishSetUp,
	insertAuthenticatorApp,
	takeSetUpTry,
} from "./store.ts";
import { spendCode } from "./verify-code.ts";

/** What was turned on. */
export type TurnedOn = {
	methodId: string;
	/** The authenticator app that ended in the same write. */
	replacedMethodId: string | undefined;
	/** The profile's, now that a method went on: what a session started here must carry. */
	doorsVersion: number;
	/** Epoch milliseconds. */
	now: number;
};

/** What became of a code entered in a set-up. `T` is what the composer's own part of the write gives. */
export type TurnOnOutcome<T> =
	| { kind: "on"; result: T }
	/** This very set-up was finished before, by the same form posted twice. */
	| { kind: "on already" }
	| { kind: "wrong"; triesLeft: number }
	| { kind: "clock"; minutes: number; direction: "slow" | "fast"; triesLeft: number }
	/** That was the last try: the set-up has ended. */
	| { kind: "no tries left" }
	| { kind: "ended" };

/**
 * Turns the authenticator app on with a first code from it, and ends the one it replaces in the same write. A try
 * is counted first, and stays counted whatever the outcome.
 *
 * @param entered `code`: six ASCII digits; `setUpId`: the set-up whose key the person saw
 * @param part.mayTurnOn the holder's own conditions, asked in the transaction with the profile locked
 * @param part.turnedOn what else happens in the same transaction
 */
export async function turnOnAuthenticatorApp<T>(
	{ db, config }: Pick<Deps, "db" | "config">,
	{ profile, holderId }: { profile: Profile; holderId: string },
	{ setUpId, code, now }: { setUpId: string; code: string; now: number },
	part: { mayTurnOn: (tx: Tx) => Promise<boolean>; turnedOn: (tx: Tx, on: TurnedOn) => Promise<T> },
): Promise<TurnOnOutcome<T>> {
	const { clinicId, profileId } = profile;
	return inTransaction(db, async (tx): Promise<TurnOnOutcome<T>> => {
		const locked = await lockProfile(tx, clinicId, profileId);
		if (!locked?.active) return { kind: "ended" };

		// Guessing: the try is written before the code is looked at.
		const { doorsVersion } = locked;
		const setUp = await takeSetUpTry(tx, { clinicId, setUpId, profileId, holderId, doorsVersion, now });
		const methods = await listMethods(tx, clinicId, profileId);
		if (!setUp)
			return { kind: methods.some((method) => method.methodId === setUpId) ? "on already" : "ended" };

		// A set-up parked in a session or sign-in that has ended since.
		if (!(await part.mayTurnOn(tx))) return { kind: "ended" };

		const secret = AuthenticatorSecret.open(config.keyring, setUp.sealedSecret, profile);
		const verdict = await spendCode(tx, secret, { clinicId, methodId: setUpId, code, now });
		if (verdict.kind !== "right") {
			const triesLeft = SET_UP_TRIES - setUp.wrongTries;
			if (triesLeft > 0) return { ...verdict, triesLeft };
			await endSetUps(tx, clinicId, { holderId });
			return { kind: "no tries left" };
		}

		// The same form posted twice: the row that goes decides.
		if (!(await finishSetUp(tx, clinicId, setUpId))) return { kind: "ended" };
		await endSetUps(tx, clinicId, { profileId });

		const replaced = methods.find((method) => method.kind === "authenticator-app");
		if (replaced) {
			await deleteMethod(tx, clinicId, profileId, replaced.methodId);
			await deleteAuthenticatorApp(tx, clinicId, replaced.methodId);
		}
		await insertMethod(tx, {
			clinicId,
			profileId,
			kind: "authenticator-app",
			methodId: setUpId,
			isDefault: replaced?.isDefault ?? methods.length === 0,
			now,
		});
		const sealedSecret = secret.seal(config.keyring, profile);
		await insertAuthenticatorApp(tx, { clinicId, profileId, methodId: setUpId, sealedSecret });

		const on: TurnedOn = {
			methodId: setUpId,
			replacedMethodId: replaced?.methodId,
			doorsVersion: await changeDoors(tx, clinicId, profileId),
			now,
		};
		return { kind: "on", result: await part.turnedOn(tx, on) };
	});
}
