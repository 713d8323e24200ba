import { emailKey, type Profile } from "../profiles/profile.ts";
import type { PersonField, PersonRead } from "./person-form.rule.ts";

/** What a form that edits a staff profile was drawn from; it travels with the form. */
export function seenOf(
	{ name, email, mobile, access }: PersonRead,
	waiting: { change_id: string } | undefined,
): string {
	return JSON.stringify([name, email, mobile, access, waiting?.change_id ?? null]);
}

/** Which fields are to be other than they are. An email in other letters, capital or small, is the same one. */
export function fieldsToChange(
	profile: Pick<Profile, "name" | "email" | "mobile" | "access">,
	wanted: PersonRead,
): PersonField[] {
	const changed: PersonField[] = [];
	if (profile.name !== wanted.name) changed.push("name");
	if (emailKey(profile.email) !== emailKey(wanted.email)) changed.push("email");
	if (profile.mobile !== wanted.mobile) changed.push("mobile");
	if (profile.access !== wanted.access) changed.push("access");
	return changed;
}
