import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type TurnedOn, type TurnOnOutcome, turnOnMethod } from "../methods/turn-on.ts";
import type { Profile } from "../profiles/profile.ts";
import { AuthenticatorSecret } from "./secret.ts";
import {
	deleteAuthenticatorApp,
	endSetUps,
	finishSetUp,
	insertAuthenticatorApp,
	listSpentSteps,
	takeSetUpTry,
} from "./store.ts";
import { recognizedSteps } from "./time-step.rule.ts";
import { type CodeVerdict, spendCode } from "./verify-code.ts";

/**
 * Turns the authenticator app on with a first code from it (see `turnOnMethod`).
 *
 * @param entered `code`: six ASCII digits; `setUpId`: the set-up whose key the person saw
 */
export async function turnOnAuthenticatorApp<T>(
	deps: Pick<Deps, "db" | "config">,
	{ profile, holderId }: { profile: Profile; holderId: string },
	{ setUpId, code, now }: { setUpId: string; code: string; now: number },
	part: {
		mayTurnOn: (tx: Tx) => Promise<boolean>;
		turnedOn: (tx: Tx, on: TurnedOn) => Promise<T | undefined>;
	},
): Promise<TurnOnOutcome<CodeVerdict, T>> {
	const { clinicId, profileId } = profile;
	const { keyring } = deps.config;
	const openSecret = (sealed: string) => AuthenticatorSecret.open(keyring, sealed, profile);
	return turnOnMethod(
		deps,
		profile,
		{ setUpId, now },
		{
			kind: "authenticator-app",
			takeTry: (tx, doorsVersion) =>
				takeSetUpTry(tx, { clinicId, setUpId, profileId, holderId, doorsVersion, now }),
			async verify(tx, setUp) {
				const spent = await listSpentSteps(tx, clinicId, setUpId, recognizedSteps(now));
				const entered = { clinicId, methodId: setUpId, code, now };
				return spendCode(tx, openSecret(setUp.sealedSecret), spent, entered);
			},
			finish: (tx) => finishSetUp(tx, clinicId, setUpId),
			endSetUps: (tx, which) =>
				endSetUps(tx, clinicId, which === "of the person" ? { profileId } : { holderId }),
			forget: (tx, methodId) => deleteAuthenticatorApp(tx, clinicId, methodId),
			keep: (tx, setUp) => {
				const sealedSecret = openSecret(setUp.sealedSecret).seal(keyring, profile);
				return insertAuthenticatorApp(tx, { clinicId, profileId, methodId: setUpId, sealedSecret });
			},
		},
		part,
	);
}
