import { minutes } from "../clock.ts";
import type { Deps } from "../deps.ts";
import { findReminderWait } from "../enforcement/remind.ts";
import type { AllReminded, Reminded } from "../enforcement/send-reminder.ts";
import { countWhoHasItOn } from "../enforcement/store.ts";
import { paths, safeReturnPath } from "../paths.ts";
import { findProfile } from "../profiles/store.ts";
import type { Visit } from "../web/visit.ts";

/** What **Send reminder** did, for the page it was pressed on. */
export type ReminderNews =
	| { kind: "sent" | "has-it-on" | "deactivated"; name: string }
	/** `until` is epoch milliseconds. */
	| { kind: "waits"; name: string; per: "hour" | "day"; until: number }
	| { kind: "on-their-way"; people: number }
	| { kind: "under-way" | "everybody-has-it-on" | "off" };

const PAGES: readonly string[] = [paths.enforcement, paths.security, paths.whoHasItOn];
const OUTCOME = "reminder";
const WHOM = "whom";

/**
 * Where a reminder leads back to: the page it was sent from, with what was done.
 *
 * @param from as the form carried it; anything but the three pages with the button is not followed
 */
export function backFromReminder(
	from: string,
	outcome: Exclude<Reminded | AllReminded, "nobody-there" | "may-not">,
	profileId: string,
): string {
	const [path = "", query] = (safeReturnPath(from) ?? "").split("?");
	const isOne = PAGES.includes(path);
	const fields = new URLSearchParams(isOne ? query : "");
	fields.set(OUTCOME, outcome);
	if (profileId === "") fields.delete(WHOM);
	else fields.set(WHOM, profileId);
	return `${isOne ? path : paths.enforcement}?${fields}`;
}

/** What the address says a reminder did, for `ReminderNotice`; undefined where it says nothing. */
export async function readReminderNews(
	deps: Deps,
	{ clinic, query, now }: Visit,
): Promise<ReminderNews | undefined> {
	const kind = query.text(OUTCOME);
	if (kind === "under-way" || kind === "everybody-has-it-on" || kind === "off") return { kind };
	if (kind === "on-their-way") {
		const { active, on } = await countWhoHasItOn(deps.db, clinic.clinicId);
		return { kind, people: active - on };
	}
	const profile = await findProfile(deps.db, clinic.clinicId, query.text(WHOM));
	if (!profile) return undefined;
	const { name } = profile;
	if (kind === "sent" || kind === "has-it-on" || kind === "deactivated") return { kind, name };
	if (kind !== "waits") return undefined;
	const wait = await findReminderWait(deps, profile, now);
	if (!wait) return undefined;
	// Pages tell whole minutes: the next one, since in this one it may be too early.
	const until = Math.ceil(wait.until / minutes(1)) * minutes(1);
	return { kind, name, per: wait.by === "remindersAnHour" ? "hour" : "day", until };
}
