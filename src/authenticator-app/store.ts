import type { Sealed } from "../crypto/keyring.ts";
import { compiledOnce, type Given } from "../db/compiled-once.ts";
import type { Db } from "../db/connect.ts";
import type { AuthenticatorAppSetUpRow } from "../db/tables.ts";
import type { Tx } from "../db/transaction.ts";
import { SET_UP_TRIES } from "../methods/set-up.rule.ts";
import type { AppSetUp } from "./app-set-up.ts";

export async function insertAuthenticatorApp(
	tx: Tx,
	app: { clinicId: string; profileId: string; methodId: string; sealedSecret: Sealed },
): Promise<void> {
	await tx
		.insertInto("authenticator_apps")
		.values({
			clinic_id: app.clinicId,
			method_id: app.methodId,
			profile_id: app.profileId,
			sealed_secret: app.sealedSecret,
		})
		.execute();
}

/** The sealed secret of an app that is on, and which of the time steps asked for are spent. */
export type AppSecret = { methodId: string; sealed: string; spent: ReadonlySet<number> };

/**
 * The authenticator app that a person has on, if any.
 *
 * @param steps those to say of whether they are spent, both included
 */
export async function findAppSecret(
	db: Db,
	{ clinicId, profileId }: { clinicId: string; profileId: string },
	steps: { from: number; to: number },
): Promise<AppSecret | undefined> {
	const rows = await secretOf.all(db, { clinicId, profileId, ...steps });
	const [first] = rows;
	if (!first) return undefined;
	// Where none is spent there is one row, without a step.
	const spent = rows.flatMap((row) => (row.time_step === null ? [] : [row.time_step]));
	return { methodId: first.method_id, sealed: first.sealed_secret, spent: new Set(spent) };
}

const secretOf = compiledOnce(
	(db, of: Given<{ clinicId: string; profileId: string; from: number; to: number }>) =>
		db
			.selectFrom("authenticator_apps as apps")
			.leftJoin("authenticator_steps as steps", (join) =>
				join
					.onRef("steps.clinic_id", "=", "apps.clinic_id")
					.onRef("steps.method_id", "=", "apps.method_id")
					.on("steps.time_step", ">=", of.from)
					.on("steps.time_step", "<=", of.to),
			)
			.select(["apps.method_id", "sealed_secret", "time_step"])
			.where("apps.clinic_id", "=", of.clinicId)
			.where("apps.profile_id", "=", of.profileId),
);

/** Forgets an app's secret and its spent steps. Goes with `deleteMethod`: when it is turned off, replaced or reset. */
export async function deleteAuthenticatorApp(tx: Tx, clinicId: string, methodId: string): Promise<void> {
	await tx
		.deleteFrom("authenticator_apps")
		.where("clinic_id", "=", clinicId)
		.where("method_id", "=", methodId)
		.execute();
	await deleteSteps(tx, clinicId, methodId);
}

/** The steps already spent of those between two, both included. */
export async function listSpentSteps(
	db: Db,
	clinicId: string,
	methodId: string,
	steps: { from: number; to: number },
): Promise<Set<number>> {
	const rows = await stepsOf.all(db, { clinicId, methodId, ...steps });
	return new Set(rows.map((row) => row.time_step));
}

const stepsOf = compiledOnce(
	(db, of: Given<{ clinicId: string; methodId: string; from: number; to: number }>) =>
		db
			.selectFrom("authenticator_steps")
			.select("time_step")
			.where("clinic_id", "=", of.clinicId)
			.where("method_id", "=", of.methodId)
			.where("time_step", ">=", of.from)
			.where("time_step", "<=", of.to),
);

/** Spends one time step and no other. Where it was spent at the same moment the transaction fails and is run again. */
export async function spendStep(
	tx: Tx,
	step: { clinicId: string; methodId: string; timeStep: number; now: number },
): Promise<void> {
	await spend.writeAhead(tx, step);
}

const spend = compiledOnce(
	(tx: Tx, step: Given<{ clinicId: string; methodId: string; timeStep: number; now: number }>) =>
		tx.insertInto("authenticator_steps").values({
			clinic_id: step.clinicId,
			method_id: step.methodId,
			time_step: step.timeStep,
			spent_at: step.now,
		}),
);

/** Forgets spent steps of a clinic that no code is compared with any more. It reads all of the clinic's: for rare use. */
export async function deleteStepsBefore(tx: Tx, clinicId: string, timeStep: number): Promise<void> {
	await tx
		.deleteFrom("authenticator_steps")
		.where("clinic_id", "=", clinicId)
		.where("time_step", "<", timeStep)
		.execute();
}

/** The one set-up that a person's session or sign-in holds; whether it is over is `set-up.rule.ts`'s to say. */
export async function findSetUp(
	db: Db,
	clinicId: string,
	profileId: string,
	holderId: string,
): Promise<AppSetUp | undefined> {
	const row = await db
		.selectFrom("authenticator_app_set_ups")
		.selectAll()
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "=", profileId)
		.where("held_by", "=", holderId)
		.executeTakeFirst();
	return row && toSetUp(row);
}

export async function insertSetUp(
	tx: Tx,
	setUp: {
		clinicId: string;
		setUpId: string;
		profileId: string;
		doorsVersion: number;
		holderId: string;
		sealedSecret: Sealed;
		now: number;
		expiresAt: number;
	},
): Promise<void> {
	await tx
		.insertInto("authenticator_app_set_ups")
		.values({
			clinic_id: setUp.clinicId,
			set_up_id: setUp.setUpId,
			profile_id: setUp.profileId,
			doors_version: setUp.doorsVersion,
			held_by: setUp.holderId,
			sealed_secret: setUp.sealedSecret,
			wrong_tries: 0,
			started_at: setUp.now,
			expires_at: setUp.expiresAt,
		})
		.execute();
}

/**
 * Counts a try of a set-up before its code is looked at.
 *
 * @returns the set-up with this try counted; undefined when it has ended, has no try left, or is somebody else's
 */
export async function takeSetUpTry(
	tx: Tx,
	setUp: {
		clinicId: string;
		setUpId: string;
		profileId: string;
		holderId: string;
		doorsVersion: number;
		now: number;
	},
): Promise<AppSetUp | undefined> {
	const row = await tx
		.updateTable("authenticator_app_set_ups")
		.set((eb) => ({ wrong_tries: eb("wrong_tries", "+", 1) }))
		.where("clinic_id", "=", setUp.clinicId)
		.where("set_up_id", "=", setUp.setUpId)
		.where("profile_id", "=", setUp.profileId)
		.where("held_by", "=", setUp.holderId)
		.where("doors_version", "=", setUp.doorsVersion)
		.where("wrong_tries", "<", SET_UP_TRIES)
		.where("expires_at", ">", setUp.now)
		.returningAll()
		.executeTakeFirst();
	return row && toSetUp(row);
}

/** Finishes a set-up; what it spent stays spent for the method it becomes. @returns false when it had ended before */
export async function finishSetUp(tx: Tx, clinicId: string, setUpId: string): Promise<boolean> {
	const result = await tx
		.deleteFrom("authenticator_app_set_ups")
		.where("clinic_id", "=", clinicId)
		.where("set_up_id", "=", setUpId)
		.executeTakeFirst();
	return result.numDeletedRows === 1n;
}

/** Ends set-ups that will not be finished and leaves nothing of them: a person's, a holder's, or those out of time. */
export async function endSetUps(
	tx: Tx,
	clinicId: string,
	which: { profileId: string } | { holderId: string } | { expiredAt: number },
): Promise<void> {
	const ended = await tx
		.deleteFrom("authenticator_app_set_ups")
		.where("clinic_id", "=", clinicId)
		.where((eb) => {
			if ("profileId" in which) return eb("profile_id", "=", which.profileId);
			if ("holderId" in which) return eb("held_by", "=", which.holderId);
			return eb("expires_at", "<=", which.expiredAt);
		})
		.returning("set_up_id")
		.execute();
	for (const { set_up_id } of ended) await deleteSteps(tx, clinicId, set_up_id);
}

async function deleteSteps(tx: Tx, clinicId: string, methodId: string): Promise<void> {
	await tx
		.deleteFrom("authenticator_steps")
		.where("clinic_id", "=", clinicId)
		.where("method_id", "=", methodId)
		.execute();
}

function toSetUp(row: AuthenticatorAppSetUpRow): AppSetUp {
	return {
		setUpId: row.set_up_id,
		doorsVersion: row.doors_version,
		sealedSecret: row.sealed_secret,
		wrongTries: row.wrong_tries,
		expiresAt: row.expires_at,
	};
}
