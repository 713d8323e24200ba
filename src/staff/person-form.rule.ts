import { readMobile } from "../profiles/mobile.rule.ts";
import { readEmail, readName } from "../profiles/person.rule.ts";
import type { Profile } from "../profiles/profile.ts";

type Access = Profile["access"];

/** What was typed into the form of a staff profile. */
export type TypedPerson = { name: string; email: string; mobile: string; access: string };

/** A staff profile as a form has it; `mobile` is E.164, or null where none was typed. */
export type PersonRead = { name: string; email: string; mobile: string | null; access: Access };

export type PersonField = "name" | "email" | "mobile" | "access";

/**
 * Reads the form of a staff profile.
 *
 * @param country where a number without a country code belongs, ISO 3166-1 alpha-2
 * @returns the person, or the fields that have to be mended
 */
export function readPerson(
	typed: TypedPerson,
	country: string,
): { kind: "person"; person: PersonRead } | { kind: "to-mend"; fields: PersonField[] } {
	const name = readName(typed.name);
	const email = readEmail(typed.email);
	const mobile = typed.mobile.trim() === "" ? null : readMobile(typed.mobile, country);
	const access = ACCESS.find((each) => each === typed.access);
	if (name !== undefined && email !== undefined && mobile !== undefined && access !== undefined) {
		return { kind: "person", person: { name, email, mobile, access } };
	}
	const read = { name, email, mobile, access };
	return { kind: "to-mend", fields: FIELDS.filter((field) => read[field] === undefined) };
}

const ACCESS: readonly Access[] = ["limited", "full"];
const FIELDS: readonly PersonField[] = ["name", "email", "mobile", "access"];
