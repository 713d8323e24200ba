import { listTrustOfMany, type TrustedBrowser } from "../browsers/store.ts";
import { isTrustLive } from "../browsers/trust.rule.ts";
import type { Clinic } from "../clinics/clinic.ts";
import type { Db } from "../db/connect.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { eachStaffPage, type StaffMember } from "../enforcement/store.ts";
import type { Method } from "../methods/store.ts";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { listSessionsOfMany } from "../sessions/store.ts";

/** What is so of a person, where the rule has an exception. */
type Exception<What> = { person: StaffMember } & What;

/** All that the report says, read once: what it counts is what it names. */
export type ReportFacts = {
	staff: readonly StaffMember[];
	/** Browsers that skip the second step now. */
	trusted: readonly Exception<Pick<TrustedBrowser, "name" | "endsAt">>[];
	/** Sessions of people without a method, begun before the rule asked them for one. */
	olderSessions: readonly Exception<{ browserName: string; startedAt: number }>[];
	pendingResets: readonly Exception<unknown>[];
	blocked: readonly Exception<{ method: Method & { blockedAt: number } }>[];
};

/** Reads how the active staff of a clinic get in now, a page at a time; other requests have their turn between. */
export async function readReportFacts(db: Db, clinic: Clinic, now: number): Promise<ReportFacts> {
	const facts = {
		staff: [] as StaffMember[],
		trusted: [] as ReportFacts["trusted"][number][],
		olderSessions: [] as ReportFacts["olderSessions"][number][],
		pendingResets: [] as ReportFacts["pendingResets"][number][],
		blocked: [] as ReportFacts["blocked"][number][],
	};
	for await (const page of eachStaffPage(db, clinic.clinicId, "everybody")) {
		facts.staff.push(...page);
		facts.trusted.push(...(await trustedOf(db, clinic, page, now)));
		facts.olderSessions.push(...(await olderSessionsOf(db, clinic, page, now)));
		facts.pendingResets.push(...page.filter(isResetPending).map((person) => ({ person })));
		facts.blocked.push(...page.flatMap(blockedOf));
	}
	return facts;
}

function isResetPending({ resetPendingAt }: StaffMember): boolean {
	return resetPendingAt !== null;
}

async function trustedOf(db: Db, clinic: Clinic, page: StaffMember[], now: number) {
	const { rule, clinicId } = clinic;
	if (!rule.allowsTrust) return [];
	const found = await listTrustOfMany(db, clinicId, idsOf(page));
	return byPerson(
		page,
		found.filter((trust) => isTrustLive(trust, rule.trustVersion, now)),
	);
}

async function olderSessionsOf(db: Db, clinic: Clinic, page: StaffMember[], now: number) {
	if (enforcementOf(clinic, now).kind !== "in-force") return [];
	// Since it is in force nobody finishes a sign-in without a method, so that all that are left are older.
	const without = page.filter(({ methods }) => methods.length === 0);
	const found = await listSessionsOfMany(db, clinic.clinicId, idsOf(without), liveAfter(clinic, now));
	return byPerson(without, found);
}

function blockedOf(person: StaffMember) {
	return person.methods.flatMap((method) =>
		method.blockedAt === null ? [] : [{ person, method: { ...method, blockedAt: method.blockedAt } }],
	);
}

/** In the order of the staff. */
function byPerson<What extends { profileId: string }>(page: StaffMember[], found: What[]): Exception<What>[] {
	const whats = Map.groupBy(found, ({ profileId }) => profileId);
	return page.flatMap((person) => (whats.get(person.profileId) ?? []).map((what) => ({ person, ...what })));
}

function idsOf(people: readonly StaffMember[]): string[] {
	return people.map(({ profileId }) => profileId);
}
