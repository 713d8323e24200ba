import type { Clinic } from "../clinics/clinic.ts";
import { localMoment } from "../clinics/local-time.rule.ts";
import type { Db } from "../db/connect.ts";
import { eachStaffPage, type StaffMember, type Who } from "../enforcement/store.ts";
import { METHOD_KINDS } from "../methods/method-kinds.ts";
import { BYTE_ORDER_MARK, csvLine } from "../web/csv.ts";
import type { Words } from "../words/words.ts";

/**
 * All active staff of a clinic, or those who have not set it up: RFC 4180 in UTF-8. Moments are ISO 8601 with the
 * offset of the clinic's time zone.
 */
export async function writeWhoHasItOn(db: Db, clinic: Clinic, who: Who, words: Words): Promise<Uint8Array> {
	const parts = [Buffer.from(BYTE_ORDER_MARK + csvLine(headings(words)))];
	for await (const page of eachStaffPage(db, clinic.clinicId, who)) {
		parts.push(Buffer.from(page.map((person) => csvLine(cellsOf(person, clinic, words))).join("")));
	}
	return Buffer.concat(parts);
}

function headings({ whoHasItOn, account, product, methods }: Words): string[] {
	const ofMethods = METHOD_KINDS.flatMap((kind) => whoHasItOn.columns.ofMethod(methods[kind]));
	const { lastSignIn, lastReminded } = whoHasItOn.columns;
	return [account.name, account.email, account.access, product, ...ofMethods, lastSignIn, lastReminded];
}

function cellsOf(person: StaffMember, { timeZone }: Clinic, words: Words): string[] {
	const moment = (at: number | null | undefined) => (at ? localMoment(at, timeZone) : "");
	const ofMethods = METHOD_KINDS.flatMap((kind) => {
		const method = person.methods.find((each) => each.kind === kind);
		return [moment(method?.onAt), moment(method?.lastUsedAt), moment(method?.blockedAt)];
	});
	return [
		person.name,
		person.email,
		words.account.accessLevels[person.access],
		person.methods.length > 0 ? words.account.on : words.whoHasItOn.notSetUp,
		...ofMethods,
		moment(person.lastSignInAt),
		moment(person.lastRemindedAt),
	];
}
