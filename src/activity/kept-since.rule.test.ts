import { expect, test } from "vitest";
import { keptSince } from "./kept-since.rule.ts";

test("events are kept since the start of the day so many years ago", () => {
	const since = (now: string, years: number) => new Date(keptSince(Date.parse(now), years)).toISOString();
	expect(since("2026-12-07T18:30:00Z", 6)).toBe("2020-12-07T00:00:00.000Z");
	expect(since("2026-12-07T00:00:00Z", 1)).toBe("2025-12-07T00:00:00.000Z");
	// Where that day is not in the calendar, the day after it.
	expect(since("2028-02-29T12:00:00Z", 1)).toBe("2027-03-01T00:00:00.000Z");
});
