const formats = new Map<string, Intl.DateTimeFormat>();

/** A date in a clinic's time zone, as "Mon 7 Dec 2026". */
export function englishDate(at: number, timeZone: string): string {
	const part = partsOf(at, timeZone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
	return `${part.weekday} ${part.day} ${part.month} ${part.year}`;
}

/** A day of a clinic's calendar, as "Mon 7 Dec 2026". @param day ISO */
export function englishDay(day: string): string {
	return englishDate(Date.parse(`${day}T12:00:00Z`), "UTC");
}

/** A time of day in a clinic's time zone, as "2:05 pm". */
export function englishTime(at: number, timeZone: string): string {
	const part = partsOf(at, timeZone, { hour: "numeric", minute: "2-digit", hour12: true });
	return `${part.hour}:${part.minute} ${part.dayPeriod?.toLowerCase().replaceAll(".", "")}`;
}

/** A moment ahead: "at 2:05 pm" on the same day, else "on Mon 7 Dec 2026 at 2:05 pm". */
export function englishWhen(at: number, now: number, timeZone: string): string {
	const date = englishDate(at, timeZone);
	const time = `at ${englishTime(at, timeZone)}`;
	return date === englishDate(now, timeZone) ? time : `on ${date} ${time}`;
}

/** A time zone by its city, as "Vancouver time". @param timeZone as `America/Vancouver` */
export function englishZone(timeZone: string): string {
	const city = timeZone.split("/").slice(1).at(-1)?.replaceAll("_", " ");
	return city === undefined ? timeZone : `${city} time`;
}

/** A length of time that has to be waited, rounded up: "30 seconds", "2 minutes", "1 hour". */
export function englishLength(milliseconds: number): string {
	const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
	if (seconds < 60) return count(seconds, "second");
	const minutes = Math.ceil(seconds / 60);
	return minutes < 60 ? count(minutes, "minute") : count(Math.ceil(minutes / 60), "hour");
}

/** How long ago something was, roughly: "just now", "about 3 minutes ago". It stands beside the exact time. */
export function englishAgo(milliseconds: number): string {
	const minutes = Math.floor(milliseconds / 60_000);
	if (minutes < 1) return "just now";
	if (minutes < 60) return `about ${count(minutes, "minute")} ago`;
	const hours = Math.floor(minutes / 60);
	return hours < 24
		? `about ${count(hours, "hour")} ago`
		: `about ${count(Math.floor(hours / 24), "day")} ago`;
}

export function count(n: number, singular: string): string {
	return `${n} ${singular}${n === 1 ? "" : "s"}`;
}

function partsOf(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): Record<string, string> {
	const key = JSON.stringify([timeZone, options]);
	const format = formats.get(key) ?? new Intl.DateTimeFormat("en-CA", { ...options, timeZone });
	formats.set(key, format);
	return Object.fromEntries(
		format.formatToParts(at).map((part) => [part.type, part.value.replace(/\.$/, "")]),
	);
}
