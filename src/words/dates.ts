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

/** A length of time that has to be waited, rounded up: "30 seconds", "2 minutes", "1 hour". */
export function englishLength(milliseconds: number): string {
	const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
	if (seconds < 60) return count(seconds, "second");
	const minutes = Math.ceil(seconds / 60);
	return minutes < 60 ? count(minutes, "minute") : count(Math.ceil(minutes / 60), "hour");
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
