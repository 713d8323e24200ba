import { days, hours } from "../clock.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
const ISO_DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** The day it is in a time zone, ISO: `2026-12-07`. @param at epoch milliseconds */
export function localDay(at: number, timeZone: string): string {
	return wallClock(at, timeZone).slice(0, 10);
}

/**
 * When a clock on the wall of a time zone shows a day and hour, epoch milliseconds. Where the clocks jump over that
 * hour it is the moment of the jump's other side; where they show it twice, the first.
 *
 * @param day ISO
 * @param hour 0 to 23
 */
export function momentOf(day: string, hour: number, timeZone: string): number {
	const asUtc = Date.parse(`${day}T00:00:00Z`) + hours(hour);
	// No zone is further than this from UTC; offsets on both sides of a jump are among the two.
	const offsets = [asUtc - days(1), asUtc + days(1)].map((near) => offsetOf(near, timeZone));
	const candidates = offsets.map((offset) => asUtc - offset).sort((a, b) => a - b);
	const wanted = new Date(asUtc).toISOString().slice(0, 16);
	const exact = candidates.find((at) => wallClock(at, timeZone) === wanted);
	return exact ?? Math.max(...candidates);
}

/** The day so many days after another, ISO. */
export function dayAfter(day: string, by = 1): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days(by)).toISOString().slice(0, 10);
}

/** Whether it is a day there is, written as ISO does: `2026-02-30` is none. */
export function isDay(text: string): boolean {
	const at = ISO_DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** A moment as a time zone has it, ISO 8601 with its offset: `2026-12-07T14:05:09-08:00`. @param at epoch milliseconds */
export function localMoment(at: number, timeZone: string): string {
	const offset = offsetOf(at, timeZone);
	const clock = new Date(at + offset).toISOString().slice(0, "2026-12-07T14:05:09".length);
	const ahead = new Date(Math.abs(offset))
		.toISOString()
		.slice("1970-01-01T".length, "1970-01-01T08:00".length);
	return `${clock}${offset < 0 ? "-" : "+"}${ahead}`;
}

function offsetOf(at: number, timeZone: string): number {
	return Date.parse(`${wallClock(at, timeZone)}Z`) - Math.floor(at / 60_000) * 60_000;
}

/** What a clock on the wall shows, as `2026-12-07T14:05`. */
function wallClock(at: number, timeZone: string): string {
	const format =
		formats.get(timeZone) ??
		new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
	formats.set(timeZone, format);
	return format.format(at).replace(" ", "T");
}
