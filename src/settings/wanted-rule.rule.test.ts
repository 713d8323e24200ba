import { expect, test } from "vitest";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { formOf, loosens, type RuleForm, readRuleForm } from "./wanted-rule.rule.ts";

const ZONE = "America/Los_Angeles";
/** Mon 7 Dec 2026, nine in the morning in Los Angeles. */
const NOW = Date.parse("2026-12-07T17:00:00Z");

/** A clinic whose rule was saved three times. */
const clinicFrom = (requiredFromOn: string | null) => ({
	timeZone: ZONE,
	rule: { ...NEW_CLINIC.rule, requiredFromOn, version: 3 },
});
/** Its form, as it is drawn, with these changes. */
const filled = (requiredFromOn: string | null, changes: Partial<RuleForm>): RuleForm => ({
	...formOf(clinicFrom(requiredFromOn)),
	...changes,
});
const read = (requiredFromOn: string | null, changes: Partial<RuleForm>, now = NOW) =>
	readRuleForm(filled(requiredFromOn, changes), clinicFrom(requiredFromOn), now);

test.each([
	["today", "2026-12-07"],
	["a later day", "2026-12-31"],
	["a day with spaces around it", " 2026-12-31 "],
	["the last day of ten years", "2036-12-07"],
])("%s is taken", (_, effectiveDate) => {
	expect(read(null, { requires: true, effectiveDate })).toEqual({
		kind: "wanted",
		wanted: { requiredFromOn: effectiveDate.trim(), allowsTrust: true, allowsTexts: true, version: 3 },
	});
});

test.each([
	["nothing", "", "no-date"],
	["yesterday", "2026-12-06", "past"],
	["a day that there is not", "2026-02-30", "not-a-day"],
	["a day written another way", "31/12/2026", "not-a-day"],
	["a year too many", "2206-12-31", "far-away"],
	["the last day there is", "9999-12-31", "far-away"],
])("%s is a mistake of the date", (_, effectiveDate, mistake) => {
	expect(read(null, { requires: true, effectiveDate })).toEqual({
		kind: "mistake",
		field: "effective-date",
		mistake,
	});
});

test("today is the clinic's: what is still today there is tomorrow elsewhere", () => {
	const lateEvening = Date.parse("2026-12-08T07:59:00Z");
	expect(read(null, { requires: true, effectiveDate: "2026-12-07" }, lateEvening).kind).toBe("wanted");
	const midnight = Date.parse("2026-12-08T08:00:00Z");
	expect(read(null, { requires: true, effectiveDate: "2026-12-07" }, midnight)).toMatchObject({
		mistake: "past",
	});
});

test("a date in force may stay as it is when other boxes are changed", () => {
	expect(read("2026-11-01", { allowsTrust: false })).toEqual({
		kind: "wanted",
		wanted: { requiredFromOn: "2026-11-01", allowsTrust: false, allowsTexts: true, version: 3 },
	});
	expect(read("2026-11-01", { effectiveDate: "2026-11-02" })).toMatchObject({ mistake: "past" });
});

test("without the box nothing is required, and a date chosen without it is a mistake", () => {
	expect(read("2026-11-01", { requires: false })).toMatchObject({ wanted: { requiredFromOn: null } });
	expect(read("2026-11-01", { requires: false, effectiveDate: "" })).toMatchObject({
		wanted: { requiredFromOn: null },
	});
	expect(read(null, { effectiveDate: "2026-12-31" })).toMatchObject({
		kind: "mistake",
		field: "requires",
		mistake: "not-ticked",
	});
});

test.each(["2", "4", "", "-1", "3.0", "1e0", "99999999999999999999"])(
	"a form of version %j is of another rule, unless it says what was saved",
	(version) => {
		expect(read(null, { version, requires: true, effectiveDate: "2026-12-31" }).kind).toBe(
			"saved-by-another",
		);
		expect(read(null, { version, requires: true, effectiveDate: "2020-01-01" }).kind).toBe(
			"saved-by-another",
		);
		expect(read("2026-11-01", { version }).kind).toBe("wanted");
	},
);

test.each([
	["off → a date", null, "2026-12-31", false],
	["off → off", null, null, false],
	["scheduled → off", "2026-12-31", null, true],
	["scheduled → later", "2026-12-31", "2027-01-31", false],
	["scheduled → now", "2026-12-31", "2026-12-07", false],
	["in force → off", "2026-11-01", null, true],
	["in force → later", "2026-11-01", "2026-12-31", true],
	["in force → today", "2026-11-01", "2026-12-07", true],
	["in force → as it is", "2026-11-01", "2026-11-01", false],
	["in force since today → tomorrow", "2026-12-07", "2026-12-08", true],
])("%s: is it to be confirmed?", (_, from, to, isToConfirm) => {
	const wanted = { requiredFromOn: to, allowsTrust: true, allowsTexts: true };
	expect(loosens(wanted, clinicFrom(from), NOW)).toBe(isToConfirm);
});
