import { expect, test } from "vitest";
import { count, englishAgo, englishDate, englishLength, englishTime, englishWhen } from "./dates.ts";

const evening = Date.UTC(2026, 11, 7, 20, 5);

test("a date and a time are read in the clinic's own zone", () => {
	expect(englishDate(evening, "America/Toronto")).toBe("Mon 7 Dec 2026");
	expect(englishTime(evening, "America/Toronto")).toBe("3:05 pm");
	expect(englishTime(evening - 3 * 3_600_000, "America/Toronto")).toBe("12:05 pm");
	expect(englishDate(evening, "Asia/Tokyo")).toBe("Tue 8 Dec 2026");
	expect(englishTime(evening, "Asia/Tokyo")).toBe("5:05 am");
	expect(englishTime(Date.UTC(2026, 0, 1), "UTC")).toBe("12:00 am");
});

test("an hour that happens twice in autumn, and one that never happens in spring, read as clocks show them", () => {
	const zone = "America/Toronto";
	expect(englishTime(Date.UTC(2025, 10, 2, 5, 30), zone)).toBe("1:30 am");
	expect(englishTime(Date.UTC(2025, 10, 2, 6, 30), zone)).toBe("1:30 am");
	expect(englishTime(Date.UTC(2025, 2, 9, 7, 0), zone)).toBe("3:00 am");
});

test("a moment ahead names its day where that is not today, as the clinic's clock has it", () => {
	const hour = 3_600_000;
	expect(englishWhen(evening + 4 * hour, evening, "America/Toronto")).toBe("at 7:05 pm");
	expect(englishWhen(evening + 9 * hour, evening, "America/Toronto")).toBe("on Tue 8 Dec 2026 at 12:05 am");
	expect(englishWhen(evening + 9 * hour, evening, "Asia/Tokyo")).toBe("at 2:05 pm");
	expect(englishWhen(evening + 24 * hour, evening, "UTC")).toBe("on Tue 8 Dec 2026 at 8:05 pm");
});

test("every month and weekday is three letters, without a dot", () => {
	for (let month = 0; month < 12; month++) {
		expect(englishDate(Date.UTC(2026, month, 1), "UTC")).toMatch(/^[A-Z][a-z]{2} 1 [A-Z][a-z]{2} 2026$/);
	}
});

test.each([
	[-5_000, "1 second"],
	[0, "1 second"],
	[1_001, "2 seconds"],
	[59_000, "59 seconds"],
	[59_001, "1 minute"],
	[60_001, "2 minutes"],
	[59 * 60_000, "59 minutes"],
	[59 * 60_000 + 1, "1 hour"],
	[3_600_001, "2 hours"],
])("%i ms to wait reads as %s, never as less than it is", (milliseconds, text) => {
	expect(englishLength(milliseconds)).toBe(text);
});

test.each([
	[-5, "just now"],
	[59_999, "just now"],
	[60_000, "about 1 minute ago"],
	[59 * 60_000 + 59_999, "about 59 minutes ago"],
	[3_600_000, "about 1 hour ago"],
	[24 * 3_600_000 - 1, "about 23 hours ago"],
	[24 * 3_600_000, "about 1 day ago"],
	[6.5 * 24 * 3_600_000, "about 6 days ago"],
])("%i ms ago reads as %s", (milliseconds, text) => {
	expect(englishAgo(milliseconds)).toBe(text);
});

test("one is singular and everything else plural", () => {
	expect([0, 1, 2].map((n) => count(n, "minute"))).toEqual(["0 minutes", "1 minute", "2 minutes"]);
});
