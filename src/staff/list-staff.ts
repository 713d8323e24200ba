import type { Deps } from "../deps.ts";
import { listStaff } from "../enforcement/store.ts";
import { paths } from "../paths.ts";
import { findPlaceByName } from "../profiles/store.ts";
import type { Fields } from "../web/fields.ts";
import { type ListedPerson, listSought, listWithPassword } from "./store.ts";

/** How many people stand on one page. */
const PAGE = 50;

/** Of whom the list is. */
export type Shown = { kind: "active" } | { kind: "deactivated" } | { kind: "found"; typed: string };

/** @property isInvited they have not used their invitation yet */
export type PersonInList = ListedPerson & { isInvited: boolean };

/** A page of the staff by name, and the addresses of the first and the next one. */
export type StaffListPage = {
	shown: Shown;
	staff: readonly PersonInList[];
	first: string;
	next: string | undefined;
	isFirst: boolean;
};

/** The page that an address asks for. Somebody it names who is not of this clinic is nobody: then it is the first. */
export async function readStaffList({ db }: Deps, clinicId: string, query: Fields): Promise<StaffListPage> {
	const shown = shownOf(query);
	const named = query.text("after");
	const after = named === "" ? undefined : await findPlaceByName(db, clinicId, named);
	// One more than is shown says whether the list goes on.
	const page = { ...(after && { after }), atMost: PAGE + 1 };
	const found =
		shown.kind === "active"
			? (await listStaff(db, clinicId, "everybody", page)).map((person) => ({
					...person,
					active: true,
					isSetUp: person.methods.length > 0,
				}))
			: await listSought(db, clinicId, shown, page);
	const onPage = found.slice(0, PAGE);
	const ids = onPage.map(({ profileId }) => profileId);
	const havePassword = await listWithPassword(db, clinicId, ids);
	const staff = onPage.map((person) => ({ ...person, isInvited: !havePassword.has(person.profileId) }));
	const last = found.length > PAGE ? staff.at(-1) : undefined;
	return {
		shown,
		staff,
		first: addressOf(shown),
		next: last && addressOf(shown, last.profileId),
		isFirst: after === undefined,
	};
}

function shownOf(query: Fields): Shown {
	const typed = query.text("search").trim();
	if (typed !== "") return { kind: "found", typed };
	return { kind: query.text("show") === "deactivated" ? "deactivated" : "active" };
}

function addressOf(shown: Shown, after?: string): string {
	const query = new URLSearchParams({
		...(shown.kind === "found" ? { search: shown.typed } : {}),
		...(shown.kind === "deactivated" ? { show: "deactivated" } : {}),
		...(after === undefined ? {} : { after }),
	});
	return query.size === 0 ? paths.staff : `${paths.staff}?${query}`;
}
