import { expect, test } from "vitest";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { enforcementOf } from "./enforcement.rule.ts";

const at = (iso: string, timeZone: string, requiredFromOn: string | null) =>
	enforcementOf({ timeZone, rule: { ...NEW_CLINIC.rule, requiredFromOn } }, Date.parse(iso));

test("nothing is required until somebody says so", () => {
	expect(at("2026-12-07T12:00:00Z", "America/Los_Angeles", null)).toEqual({ kind: "off" });
});

test.each([
	["America/Los_Angeles", "2026-12-07T07:59:59.999Z", "scheduled"],
	["America/Los_Angeles", "2026-12-07T08:00:00Z", "in-force"],
	["Pacific/Auckland", "2026-12-06T10:59:59.999Z", "scheduled"],
	["Pacific/Auckland", "2026-12-06T11:00:00Z", "in-force"],
])("a clinic in %s that requires it from 7 December has it, at %s, %s", (zone, iso, kind) => {
	expect(at(iso, zone, "2026-12-07")).toEqual({ kind, on: "2026-12-07" });
});

test("the day of the change to summer time begins at its own midnight", () => {
	expect(at("2026-03-08T07:59:59Z", "America/Los_Angeles", "2026-03-08").kind).toBe("scheduled");
	expect(at("2026-03-08T08:00:00Z", "America/Los_Angeles", "2026-03-08").kind).toBe("in-force");
	expect(at("2026-09-26T11:59:59Z", "Pacific/Auckland", "2026-09-27").kind).toBe("scheduled");
	expect(at("2026-09-26T12:00:00Z", "Pacific/Auckland", "2026-09-27").kind).toBe("in-force");
});
