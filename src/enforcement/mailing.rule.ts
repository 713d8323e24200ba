import type { Clinic } from "../clinics/clinic.ts";
import { dayAfter, localDay, momentOf } from "../clinics/local-time.rule.ts";
import { days } from "../clock.ts";

type Reminder = "week-before" | "day-before" | "on-the-day";
/** An email to all who have not set it up. @property dueAt epoch milliseconds */
type PlannedMailing = { kind: "announcement" | Reminder; dueAt: number };

/** How many days before, and at which hour where the clinic is. */
const REMINDERS = [
	{ kind: "week-before", before: 7 },
	{ kind: "day-before", before: 1 },
	{ kind: "on-the-day", before: 0 },
] as const;
const HOUR = 9;

/** What a rule that was just saved calls for: it is announced now, and remembered on the days still ahead. */
export function mailingsFor(
	{ rule, timeZone }: Pick<Clinic, "rule" | "timeZone">,
	now: number,
): PlannedMailing[] {
	const on = rule.requiredFromOn;
	if (on === null) return [];
	const today = localDay(now, timeZone);
	const reminders = REMINDERS.map(({ kind, before }) => ({ kind, day: dayAfter(on, -before) }))
		.filter(({ day }) => day > today)
		.map(({ kind, day }) => ({ kind, dueAt: momentOf(day, HOUR, timeZone) }));
	return [{ kind: "announcement", dueAt: now }, ...reminders];
}

/**
 * Whether a reminder comes so late, after hours without a server, that the next one has taken its place.
 *
 * @param on the day from which it is required, ISO
 * @param today ISO, where the clinic is
 */
export function isOvertaken(kind: PlannedMailing["kind"] | "by-hand", on: string, today: string): boolean {
	const reminder = REMINDERS.findIndex((one) => one.kind === kind);
	if (reminder === -1) return false;
	const next = REMINDERS[reminder + 1];
	return today >= (next ? dayAfter(on, -next.before) : dayAfter(on));
}

/** How many days it is from one day to another, both ISO. */
export function daysBetween(today: string, day: string): number {
	return (Date.parse(day) - Date.parse(today)) / days(1);
}
