import type { Deps } from "../deps.ts";
import { listStaff, type StaffMember, type Who } from "../enforcement/store.ts";
import { paths } from "../paths.ts";
import { findPlaceByName } from "../profiles/store.ts";
import type { Fields } from "../web/fields.ts";

/** How many people stand on one page. */
const PAGE = 50;

/** Of whom the list is. @property typed only those whose name or email has it in it; "" is nothing typed */
type Listed = { who: Who; typed: string };

/** A page of the staff, and the pages around it by their addresses. */
export type StaffPage = Listed & {
	staff: readonly StaffMember[];
	previous: string | undefined;
	next: string | undefined;
};

/** The list of who has it on, from a person onward or back from one. */
export function whoHasItOnPath(
	{ who, typed }: Listed,
	from: { after?: string; before?: string } = {},
): string {
	const fields = new URLSearchParams({
		...(who === "not-set-up" && { show: who }),
		...(typed !== "" && { search: typed }),
		...from,
	});
	return fields.size === 0 ? paths.whoHasItOn : `${paths.whoHasItOn}?${fields}`;
}

/** Whom a form or an address asks for. */
export function readWho(fields: Fields): Who {
	return fields.text("show") === "not-set-up" ? "not-set-up" : "everybody";
}

/** The page that an address asks for. Somebody it names who is not of this clinic is nobody: then it is the first. */
export async function readStaffPage({ db }: Deps, clinicId: string, query: Fields): Promise<StaffPage> {
	const who = readWho(query);
	const typed = query.text("search").trim();
	const find = async (field: string) =>
		query.text(field) === "" ? undefined : findPlaceByName(db, clinicId, query.text(field));
	const before = await find("before");
	const after = before ? undefined : await find("after");
	const from = { ...(before && { before }), ...(after && { after }) };
	// One more than is shown says whether the list goes on.
	const found = await listStaff(db, clinicId, who, { ...from, typed, atMost: PAGE + 1 });
	const goesOn = found.length > PAGE;
	const staff = before && goesOn ? found.slice(1) : found.slice(0, PAGE);
	const hasPrevious = before ? goesOn : after !== undefined;
	const hasNext = before !== undefined || goesOn;
	const [first, last] = [staff[0], staff.at(-1)];
	return {
		who,
		typed,
		staff,
		previous: hasPrevious && first ? whoHasItOnPath({ who, typed }, { before: first.profileId }) : undefined,
		next: hasNext && last ? whoHasItOnPath({ who, typed }, { after: last.profileId }) : undefined,
	};
}
