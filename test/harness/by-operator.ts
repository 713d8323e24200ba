import { findClinic } from "../../src/clinics/store.ts";
import { hours } from "../../src/clock.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { findProfileByEmail } from "../../src/profiles/store.ts";
import { resetSecondStep as turnOff } from "../../src/reset/reset-second-step.ts";
import { deactivateStaff } from "../../src/staff/deactivate-staff.ts";
import { inviteStaff, type NewPerson } from "../../src/staff/invite-staff.ts";
import { reactivateStaff } from "../../src/staff/reactivate-staff.ts";
import { giveTemporaryCode } from "../../src/temporary-code/give-code.ts";
import type { App } from "./app.ts";

/** What the operator's commands do to staff of the only clinic, without starting a process for each. */
export async function deactivate(app: App, email: string) {
	return deactivateStaff(app.deps, await only(app), await idOf(app, email), operator(app));
}

export async function reactivate(app: App, email: string) {
	return reactivateStaff(app.deps, await only(app), await idOf(app, email), operator(app));
}

export async function invite(app: App, person: NewPerson) {
	return inviteStaff(app.deps, await only(app), person, operator(app));
}

/** Turns off somebody's 2-Step Verification, as the operator's last resort does. @returns the temporary code */
export async function resetSecondStep(app: App, email: string): Promise<string> {
	const reset = await turnOff(app.deps, await only(app), await idOf(app, email), operator(app), {
		reason: "The phone is lost",
	});
	if (reset.kind !== "reset" || !reset.given) throw new Error(`Not reset: ${reset.kind}`);
	return reset.given.code.reveal();
}

/** @returns "" where nobody has that email */
export async function idOf(app: App, email: string): Promise<string> {
	const { clinicId } = await only(app);
	return (await findProfileByEmail(app.db, clinicId, email))?.profileId ?? "";
}

async function only(app: App) {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	return clinic;
}

function operator(app: App) {
	return { kind: "operator", now: app.clock.now() } as const;
}

/** Gives somebody a temporary code without the pages for it. @returns it in two groups of four digits */
export async function giveCode(app: App, email: string, livesMs = hours(1)): Promise<string> {
	const { clinicId } = await only(app);
	const profileId = await idOf(app, email);
	const now = app.clock.now();
	const { code } = await inTransaction(app.db, (tx) =>
		giveTemporaryCode(tx, app.deps.config.keyring, { clinicId, profileId, by: "operator", livesMs, now }),
	);
	return code.reveal();
}

/** What a reset leaves of somebody who had no method: it is pending. */
export async function makeResetPending(app: App, email: string): Promise<void> {
	await app.database.backdoor
		.updateTable("profiles")
		.set({ reset_pending_at: app.clock.now() })
		.where("profile_id", "=", await idOf(app, email))
		.execute();
}
