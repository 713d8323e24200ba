import type { Deps } from "../deps.ts";
import { type After, listStaff, type StaffMember } from "../enforcement/store.ts";
import { paths } from "../paths.ts";
import { findProfile } from "../profiles/store.ts";
import type { Fields } from "../web/fields.ts";

/** How many people stand on one page. */
const PAGE = 50;

/** A page of the active staff by name, and the address of the next one. */
export type StaffListPage = { staff: readonly StaffMember[]; next: string | undefined; isFirst: boolean };

/** The page that an address asks for. Somebody it names who is not of this clinic is nobody: then it is the first. */
export async function readStaffList({ db }: Deps, clinicId: string, query: Fields): Promise<StaffListPage> {
	const named = query.text("after");
	const after: After | undefined = named === "" ? undefined : await findProfile(db, clinicId, named);
	// One more than is shown says whether the list goes on.
	const found = await listStaff(db, clinicId, "everybody", { ...(after && { after }), atMost: PAGE + 1 });
	const staff = found.slice(0, PAGE);
	const last = staff.at(-1);
	const goesOn = found.length > PAGE && last !== undefined;
	const next = goesOn ? `${paths.staff}?${new URLSearchParams({ after: last.profileId })}` : undefined;
	return { staff, next, isFirst: after === undefined };
}
