import { expect, test } from "vitest";
import { dayAfter, isDay, localDay, localMoment, momentOf } from "./local-time.rule.ts";

const at = (iso: string) => Date.parse(iso);

test.each([
	["America/Los_Angeles", "2026-12-07T07:59:59Z", "2026-12-06"],
	["America/Los_Angeles", "2026-12-07T08:00:00Z", "2026-12-07"],
	["Pacific/Auckland", "2026-12-06T10:59:59Z", "2026-12-06"],
	["Pacific/Auckland", "2026-12-06T11:00:00Z", "2026-12-07"],
	["Asia/Kathmandu", "2026-12-06T18:15:00Z", "2026-12-07"],
	// Days without a midnight: they begin at one.
	["America/Havana", "2026-03-08T04:59:59Z", "2026-03-07"],
	["America/Havana", "2026-03-08T05:00:00Z", "2026-03-08"],
	["Asia/Beirut", "2026-03-28T21:59:59Z", "2026-03-28"],
	["Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29"],
	["Africa/Cairo", "2026-04-23T21:59:59Z", "2026-04-23"],
	["Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-24"],
	// A day with two midnights: in Havana the clocks go back from one to the first, in Cairo to eleven of the day before.
	["America/Havana", "2026-11-01T04:00:00Z", "2026-11-01"],
	["America/Havana", "2026-11-01T05:00:00Z", "2026-11-01"],
	["Africa/Cairo", "2026-10-29T20:59:59Z", "2026-10-29"],
	["Africa/Cairo", "2026-10-29T21:30:00Z", "2026-10-29"],
	["Africa/Cairo", "2026-10-29T22:00:00Z", "2026-10-30"],
])("in %s it is, at %s, %s", (zone, iso, day) => expect(localDay(at(iso), zone)).toBe(day));

test.each([
	["America/Los_Angeles", "2026-12-07", 0, "2026-12-07T08:00:00Z"],
	["America/Los_Angeles", "2026-07-07", 9, "2026-07-07T16:00:00Z"],
	["Pacific/Auckland", "2026-12-07", 0, "2026-12-06T11:00:00Z"],
	["Asia/Kathmandu", "2026-12-07", 9, "2026-12-07T03:15:00Z"],
	// The day of the change to summer time: before and after it.
	["America/Los_Angeles", "2026-03-08", 0, "2026-03-08T08:00:00Z"],
	["America/Los_Angeles", "2026-03-08", 9, "2026-03-08T16:00:00Z"],
	// Skipped: there is no half past two, nor two o'clock.
	["America/Los_Angeles", "2026-03-08", 2, "2026-03-08T10:00:00Z"],
	// Shown twice: the first.
	["America/Los_Angeles", "2026-11-01", 1, "2026-11-01T08:00:00Z"],
	// A zone whose clocks jump at midnight, so that this day begins at one.
	["America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00Z"],
	["America/Havana", "2026-03-08", 0, "2026-03-08T05:00:00Z"],
	["America/Havana", "2026-03-08", 9, "2026-03-08T13:00:00Z"],
	["America/Havana", "2026-11-01", 0, "2026-11-01T04:00:00Z"],
	["Asia/Beirut", "2026-03-29", 0, "2026-03-28T22:00:00Z"],
	["Asia/Beirut", "2026-03-29", 9, "2026-03-29T06:00:00Z"],
	["Africa/Cairo", "2026-04-24", 0, "2026-04-23T22:00:00Z"],
	["Africa/Cairo", "2026-10-30", 0, "2026-10-29T22:00:00Z"],
	// A day that a zone left out when it went over to the other side of the date line.
	["Pacific/Apia", "2011-12-30", 9, "2011-12-30T19:00:00Z"],
])("in %s, %s at %i o'clock is %s", (zone, day, hour, iso) =>
	expect(momentOf(day, hour, zone)).toBe(at(iso)),
);

test.each([
	["America/Los_Angeles", "2026-12-07T07:59:59.999Z", "2026-12-06T23:59:59-08:00"],
	["America/Los_Angeles", "2026-07-07T12:00:00Z", "2026-07-07T05:00:00-07:00"],
	["Asia/Kathmandu", "2026-12-06T18:15:00Z", "2026-12-07T00:00:00+05:45"],
	["America/St_Johns", "2026-12-06T18:15:07Z", "2026-12-06T14:45:07-03:30"],
	["UTC", "2026-12-06T18:15:07Z", "2026-12-06T18:15:07+00:00"],
	// Both half past ones of the night in which the clocks go back.
	["America/Los_Angeles", "2026-11-01T08:30:00Z", "2026-11-01T01:30:00-07:00"],
	["America/Los_Angeles", "2026-11-01T09:30:00Z", "2026-11-01T01:30:00-08:00"],
])("in %s the moment %s is %s", (zone, iso, moment) => expect(localMoment(at(iso), zone)).toBe(moment));

test("the day after the last of a month is the first of the next", () => {
	expect(dayAfter("2026-12-31")).toBe("2027-01-01");
	expect(dayAfter("2028-03-01", -1)).toBe("2028-02-29");
	expect(dayAfter("2026-12-07", -7)).toBe("2026-11-30");
});

test.each(["2026-02-30", "2026-13-01", "2026-1-1", "07.12.2026", "", "2026-12-07T00:00", "99999-01-01"])(
	"%j is no day",
	(text) => expect(isDay(text)).toBe(false),
);
test("a day is one", () => expect(isDay("2028-02-29")).toBe(true));
