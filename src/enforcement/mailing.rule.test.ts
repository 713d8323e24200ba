import { expect, test } from "vitest";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { isOvertaken, mailingsFor } from "./mailing.rule.ts";

const planned = (requiredFromOn: string | null, timeZone: string, now: string) =>
	mailingsFor({ timeZone, rule: { ...NEW_CLINIC.rule, requiredFromOn } }, Date.parse(now)).map(
		({ kind, dueAt }) => [kind, new Date(dueAt).toISOString().slice(0, 16)],
	);

test.each([
	// The clocks go forward on 14 March.
	["America/Los_Angeles", "2027-03-15", "2027-03-05T18:00Z", ["08T17:00", "14T16:00", "15T16:00"]],
	// They go back on 4 April.
	["Pacific/Auckland", "2027-04-05", "2027-03-20T00:00Z", ["28T20:00", "03T21:00", "04T21:00"]],
	["Asia/Kathmandu", "2027-03-15", "2027-03-05T18:00Z", ["08T03:15", "14T03:15", "15T03:15"]],
])("in %s, from %s, people are reminded at nine in the morning there", (zone, on, now, at) => {
	const [announcement, ...reminders] = planned(on, zone, now);
	expect(announcement).toEqual(["announcement", new Date(now).toISOString().slice(0, 16)]);
	expect(reminders.map(([kind]) => kind)).toEqual(["week-before", "day-before", "on-the-day"]);
	expect(reminders.map(([, due]) => due?.slice(8))).toEqual(at);
});

test.each([
	["2027-03-05", ["announcement"]],
	["2027-03-06", ["announcement", "on-the-day"]],
	["2027-03-07", ["announcement", "day-before", "on-the-day"]],
	["2027-03-12", ["announcement", "day-before", "on-the-day"]],
	["2027-03-13", ["announcement", "week-before", "day-before", "on-the-day"]],
])("saved on 5 March for %s, what lies ahead is planned: %j", (on, kinds) => {
	// Half an hour before midnight in Los Angeles: in UTC it is the 6th.
	expect(planned(on, "America/Los_Angeles", "2027-03-06T07:30Z").map(([kind]) => kind)).toEqual(kinds);
});

test("nothing is planned where it is off", () => {
	expect(planned(null, "America/Los_Angeles", "2027-03-05T18:00Z")).toEqual([]);
});

test.each([
	["week-before", "2027-03-08", "2027-03-13", "2027-03-14"],
	["day-before", "2027-03-14", "2027-03-14", "2027-03-15"],
	["on-the-day", "2027-03-15", "2027-03-15", "2027-03-16"],
] as const)("%s, for 15 March, may go from %s to %s, and is overtaken on %s", (kind, from, to, tooLate) => {
	expect(isOvertaken(kind, "2027-03-15", from)).toBe(false);
	expect(isOvertaken(kind, "2027-03-15", to)).toBe(false);
	expect(isOvertaken(kind, "2027-03-15", tooLate)).toBe(true);
});

test("an announcement and a reminder by hand are never too late", () => {
	expect(isOvertaken("announcement", "2027-03-15", "2028-01-01")).toBe(false);
	expect(isOvertaken("by-hand", "2027-03-15", "2028-01-01")).toBe(false);
});
