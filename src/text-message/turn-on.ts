import type { Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { type TurnedOn, type TurnOnOutcome, turnOnMethod } from "../methods/turn-on.ts";
import type { Profile } from "../profiles/profile.ts";
import { setMobile } from "../profiles/store.ts";
import { deleteNumber, endSetUps, finishSetUp, insertNumber, takeSetUpTry } from "./store.ts";
import { type TextCodeVerdict, verifyTextCode } from "./verify-code.ts";

/**
 * Turns text messages on with a first code (see `turnOnMethod`). A number that differs from the staff profile's
 * becomes that one too, in the same write.
 *
 * @param entered `code`: six ASCII digits; `setUpId`: the set-up whose page the person saw
 */
export async function turnOnTextMessages<T>(
	deps: Deps,
	{ profile, holderId }: { profile: Profile; holderId: string },
	{ setUpId, code, now }: { setUpId: string; code: string; now: number },
	part: {
		mayTurnOn: (tx: Tx) => Promise<boolean>;
		turnedOn: (tx: Tx, on: TurnedOn) => Promise<T | undefined>;
	},
): Promise<TurnOnOutcome<TextCodeVerdict, T>> {
	const { clinicId, profileId } = profile;
	// Its codes belong to the set-up itself, so that they end with it and with a number that was changed.
	const codesOf = { clinicId, profileId, holderId: setUpId };
	return turnOnMethod(
		deps,
		profile,
		{ setUpId, now },
		{
			kind: "text-message",
			takeTry: (tx, doorsVersion) =>
				takeSetUpTry(tx, { clinicId, setUpId, profileId, holderId, doorsVersion, now }),
			verify: (tx, { number }) => verifyTextCode(tx, deps, { ...codesOf, code, number: number ?? "", now }),
			finish: (tx) => finishSetUp(tx, clinicId, setUpId),
			endSetUps: (tx, which) =>
				endSetUps(tx, clinicId, which === "of the person" ? { profileId } : { holderId }),
			forget: (tx, methodId) => deleteNumber(tx, clinicId, methodId),
			async keep(tx, { number }) {
				if (number === null) throw new Error("A set-up without a number has no code to enter");
				await insertNumber(tx, { clinicId, methodId: setUpId, profileId, number });
				await setMobile(tx, clinicId, profileId, number, now);
			},
		},
		part,
	);
}
