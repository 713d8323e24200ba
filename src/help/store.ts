import type { Db } from "../db/connect.ts";

/** Whether an active Full Access user who has signed in and has a method on is there, other than this person. */
export async function isThereAHelper(db: Db, clinicId: string, profileId: string): Promise<boolean> {
	const helper = await db
		.selectFrom("profiles")
		.select("profiles.profile_id")
		.where("profiles.clinic_id", "=", clinicId)
		.where("profiles.profile_id", "<>", profileId)
		.where("profiles.access", "=", "full")
		.where("profiles.active", "=", 1)
		.where("profiles.last_sign_in_at", "is not", null)
		.where((eb) =>
			eb.exists(
				eb
					.selectFrom("methods")
					.select("methods.method_id")
					.where("methods.clinic_id", "=", clinicId)
					.whereRef("methods.profile_id", "=", "profiles.profile_id"),
			),
		)
		.limit(1)
		.executeTakeFirst();
	return helper !== undefined;
}
