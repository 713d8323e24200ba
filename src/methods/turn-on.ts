import type { MethodKind } from "../db/tables.ts";
import { inCountingTransaction, type Tx } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Profile } from "../profiles/profile.ts";
import { changeDoors, lockProfile } from "../profiles/store.ts";
import { SET_UP_TRIES, type SetUp } from "./set-up.rule.ts";
import { deleteMethod, insertMethod, listMethods } from "./store.ts";

/** What was turned on. */
export type TurnedOn = {
	methodId: string;
	/** The method of the same kind that ended in the same write. */
	replacedMethodId: string | undefined;
	/** The profile's, now that a method went on: what a session started here must carry. */
	doorsVersion: number;
	/** Epoch milliseconds. */
	now: number;
};

/** What a method's own comparing says of a code: `right`, or what is wrong with it. */
type Verdict = { kind: string };
type Refusal<V extends Verdict> = Exclude<V, { kind: "right" }>;

/** What became of a code entered in a set-up. `V` is the verdict on it; `T` what the composer's part gives. */
export type TurnOnOutcome<V extends Verdict, T> =
	| { kind: "on"; result: T }
	/** This very set-up was finished before, by the same form posted twice. */
	| { kind: "on already" }
	| (Refusal<V> & { triesLeft: number })
	/** That was the last try: the set-up has ended. */
	| { kind: "no tries left" }
	| { kind: "ended" };

/** How one kind of method does what all have in common. */
type TurnOnKind<S extends SetUp, V extends Verdict> = {
	kind: MethodKind;
	/** Counts a try before the code is looked at; undefined when the set-up has ended or is somebody else's. */
	takeTry(tx: Tx, doorsVersion: number): Promise<S | undefined>;
	/** Compares the code and spends what it matched. */
	verify(tx: Tx, setUp: S): Promise<V>;
	/** Ends this set-up as a guarded write, whose row count decides. */
	finish(tx: Tx, setUp: S): Promise<boolean>;
	/** Ends every set-up of the person, or the one of this holder. */
	endSetUps(tx: Tx, which: "of the person" | "of the holder"): Promise<void>;
	/** Forgets what belongs to the method replaced. */
	forget(tx: Tx, methodId: string): Promise<void>;
	/** Keeps what belongs to the new method: its secret, its number. */
	keep(tx: Tx, setUp: S): Promise<void>;
};

/**
 * Turns a method on with a first code, and ends the one it replaces in the same write. A try is counted first, and
 * stays counted whatever the outcome.
 *
 * @param entered.setUpId the set-up whose page the person saw
 * @param part.mayTurnOn the holder's own conditions, asked in the transaction with the profile locked
 * @param part.turnedOn what else happens in the same transaction; undefined where the holder ended at the same
 *   moment: then the whole write goes back
 */
export async function turnOnMethod<S extends SetUp, V extends Verdict, T>(
	{ db }: Pick<Deps, "db">,
	profile: Profile,
	entered: { setUpId: string; now: number },
	how: TurnOnKind<S, V>,
	part: {
		mayTurnOn: (tx: Tx) => Promise<boolean>;
		turnedOn: (tx: Tx, on: TurnedOn) => Promise<T | undefined>;
	},
): Promise<TurnOnOutcome<V, T>> {
	const { clinicId, profileId } = profile;
	const { setUpId, now } = entered;
	const takeTry = (tx: Tx) => how.takeTry(tx, profile.doorsVersion);
	return inCountingTransaction(db, takeTry, async (tx): Promise<TurnOnOutcome<V, T>> => {
		const locked = await lockProfile(tx, clinicId, profileId);
		if (!locked?.active) return { kind: "ended" };

		// Guessing: the try is written before the code is looked at.
		const setUp = await how.takeTry(tx, locked.doorsVersion);
		const methods = await listMethods(tx, clinicId, profileId);
		if (!setUp) {
			const isOn = methods.some((method) => method.methodId === setUpId);
			return isOn ? { kind: "on already" } : { kind: "ended" };
		}

		// A set-up parked in a session or sign-in that has ended since.
		if (!(await part.mayTurnOn(tx))) return { kind: "ended" };

		const verdict = await how.verify(tx, setUp);
		if (verdict.kind !== "right") {
			const triesLeft = SET_UP_TRIES - setUp.wrongTries;
			if (triesLeft > 0) return { ...(verdict as Refusal<V>), triesLeft };
			await how.endSetUps(tx, "of the holder");
			return { kind: "no tries left" };
		}

		// The same form posted twice: the row that goes decides.
		if (!(await how.finish(tx, setUp))) return { kind: "ended" };
		await how.endSetUps(tx, "of the person");

		const replaced = methods.find((method) => method.kind === how.kind);
		if (replaced) {
			await deleteMethod(tx, clinicId, profileId, replaced.methodId);
			await how.forget(tx, replaced.methodId);
		}
		await insertMethod(tx, {
			clinicId,
			profileId,
			kind: how.kind,
			methodId: setUpId,
			isDefault: replaced?.isDefault ?? methods.length === 0,
			now,
		});
		await how.keep(tx, setUp);
		const doorsVersion = await changeDoors(tx, clinicId, profileId);
		const on = { methodId: setUpId, replacedMethodId: replaced?.methodId, doorsVersion, now };
		const result = await part.turnedOn(tx, on);
		if (result === undefined) throw new HolderEnded();
		return { kind: "on", result };
	}).catch((error: unknown) => {
		if (error instanceof HolderEnded) return { kind: "ended" };
		throw error;
	});
}

/** The session or sign-in ended in the moment between: nothing of the write stays. */
class HolderEnded extends Error {
	override name = "HolderEnded";
}
