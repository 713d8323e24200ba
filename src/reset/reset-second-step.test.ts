import { expect, test } from "vitest";
import { ownerWithApp } from "../../test/bypasses/owners.ts";
import { doorsKept } from "../../test/bypasses/what-is-kept.ts";
import { type App, startApp } from "../../test/harness/app.ts";
import { idOf } from "../../test/harness/by-operator.ts";
import { avery, casey } from "../../test/harness/people.ts";
import { findClinic } from "../clinics/store.ts";
import { findProfile } from "../profiles/store.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { resetSecondStep } from "./reset-second-step.ts";

/** What a Full Access user was when the page asked them again. */
async function asked(app: App, email: string) {
	const clinic = await findClinic(app.db, "the-only-one");
	const profile = clinic && (await findProfile(app.db, clinic.clinicId, await idOf(app, email)));
	if (!clinic || !profile) throw new Error(`There is no ${email}`);
	const { backdoor } = app.database;
	const ofTheirs = backdoor.selectFrom("sessions").where("profile_id", "=", profile.profileId);
	const { session_id: sessionId } = await ofTheirs.select("session_id").executeTakeFirstOrThrow();
	const visit = {
		clinic,
		now: app.clock.now(),
		origin: app.url.origin,
		browser: { name: "Firefox" },
		network: { address: "203.0.113.5" },
		session: { profile, sessionId },
	} as SessionVisit;
	return { clinic, by: { kind: "full-access", visit } as const };
}

test.each([
	["lost Full Access", { access: "limited" as const }],
	["was deactivated", { active: 0 }],
	["has a new password, or another change of the doors", { doors_version: 99 }],
	["has no method any more", "no method"],
] as const)("nothing is turned off by somebody who %s since they were asked", async (_, change) => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	await ownerWithApp(app, casey);
	const { clinic, by } = await asked(app, avery);
	const caseys = await idOf(app, casey);
	const averys = await idOf(app, avery);
	const { backdoor } = app.database;
	if (change === "no method") await backdoor.deleteFrom("methods").where("profile_id", "=", averys).execute();
	else await backdoor.updateTable("profiles").set(change).where("profile_id", "=", averys).execute();
	const before = await doorsKept(app);
	const because = { reason: "The phone is lost" };
	expect(await resetSecondStep(app.deps, clinic, caseys, by, because)).toEqual({ kind: "not-allowed" });
	expect(await doorsKept(app)).toEqual(before);
});

test("nothing is turned off by oneself, and the same call for a colleague is done", async () => {
	await using app = await startApp();
	await ownerWithApp(app, avery);
	await ownerWithApp(app, casey);
	const { clinic, by } = await asked(app, avery);
	const reset = async (email: string) =>
		(await resetSecondStep(app.deps, clinic, await idOf(app, email), by, { reason: "Lost" })).kind;
	expect(await reset(avery)).toBe("not-allowed");
	expect(await reset(casey)).toBe("reset");
	expect(await reset(casey)).toBe("nothing-on");
});
