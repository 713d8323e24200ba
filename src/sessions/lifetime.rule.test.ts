import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { days, hours, minutes } from "../clock.ts";
import {
	endOf,
	endsUnused,
	isLastSeenStale,
	isOver,
	liveAfter,
	longestSession,
	SIGN_OUT_CHOICES_MS,
	signOutAfter,
} from "./lifetime.rule.ts";

/** Noon in the clinic. */
const NOW = Date.UTC(2026, 11, 7, 20, 0);

/** A clinic with this Automatic Sign Out. @param requiredFromOn a day, ISO: 2-Step Verification is required from then */
function clinicWith(signOutAfterMs: number, requiredFromOn: string | null = null) {
	return {
		timeZone: "America/Los_Angeles",
		rule: { ...NEW_CLINIC.rule, requiredFromOn },
		signOutAfterMs,
	};
}

/** A session that started, and was last used, so long ago. @param times.longest what it was given when it started */
function session({ started, seen, longest = days(7) }: { started: number; seen: number; longest?: number }) {
	const startedAt = NOW - started;
	return { startedAt, lastSeenAt: NOW - seen, expiresAt: startedAt + longest };
}

const inForce = "2026-12-07";
const scheduled = "2026-12-08";

test("the choices are those of the product, and a clinic begins with two hours", () => {
	expect(SIGN_OUT_CHOICES_MS).toEqual([
		600_000, 1_800_000, 3_600_000, 7_200_000, 28_800_000, 86_400_000, 604_800_000,
	]);
	expect(NEW_CLINIC.signOutAfterMs).toBe(7_200_000);
});

describe.each([
	["10 minutes", minutes(10), minutes(10), hours(24)],
	["30 minutes", minutes(30), minutes(30), hours(24)],
	["1 hour", hours(1), hours(1), hours(24)],
	["2 hours", hours(2), hours(2), hours(24)],
	["8 hours", hours(8), hours(8), hours(24)],
	["24 hours", hours(24), hours(24), hours(24)],
	["1 week", days(7), days(7), days(7)],
])("with %s", (_name, chosen, unused, longest) => {
	const clinic = clinicWith(chosen);

	test("a session ends when it was not used for so long, and not a millisecond earlier", () => {
		expect(signOutAfter(clinic, NOW)).toBe(unused);
		const started = Math.min(unused + hours(1), longest - 1);
		expect(isOver(session({ started, seen: unused - 1 }), clinic, NOW)).toBe(false);
		expect(isOver(session({ started, seen: unused }), clinic, NOW)).toBe(true);
	});

	test("however much it is used, it does not outlive the longer of 24 hours and the setting", () => {
		expect(longestSession(clinic, NOW)).toBe(longest);
		expect(isOver(session({ started: longest - 1, seen: 0 }), clinic, NOW)).toBe(false);
		expect(isOver(session({ started: longest, seen: 0 }), clinic, NOW)).toBe(true);
	});

	test("while 2-Step Verification is required nothing lasts longer than a day", () => {
		const required = clinicWith(chosen, inForce);
		expect(signOutAfter(required, NOW)).toBe(Math.min(unused, hours(24)));
		expect(longestSession(required, NOW)).toBe(hours(24));
		expect(isOver(session({ started: hours(24), seen: 0 }), required, NOW)).toBe(true);
	});

	test("until the day from which it is required, the setting holds as it was chosen", () => {
		expect(signOutAfter(clinicWith(chosen, scheduled), NOW)).toBe(unused);
		expect(longestSession(clinicWith(chosen, scheduled), NOW)).toBe(longest);
	});
});

test("the cap comes at midnight where the clinic is, for sessions under way too", () => {
	const clinic = clinicWith(days(7), scheduled);
	const midnight = Date.UTC(2026, 11, 8, 8, 0);
	const old = session({ started: days(2), seen: 0 });
	expect(isOver(old, clinic, midnight - 1)).toBe(false);
	expect(isOver(old, clinic, midnight)).toBe(true);
	const unused = session({ started: hours(23), seen: hours(23) });
	expect(endOf(unused, clinic, midnight - 1)).toBe(unused.startedAt + days(7));
	expect(endOf(unused, clinic, midnight)).toBe(unused.startedAt + hours(24));
});

test("a setting that is lowered holds for sessions under way", () => {
	const unused = session({ started: hours(5), seen: hours(1) });
	expect(isOver(unused, clinicWith(hours(2)), NOW)).toBe(false);
	expect(isOver(unused, clinicWith(minutes(30)), NOW)).toBe(true);
	const inUse = session({ started: days(2), seen: 0 });
	expect(isOver(inUse, clinicWith(days(7)), NOW)).toBe(false);
	expect(isOver(inUse, clinicWith(hours(8)), NOW)).toBe(true);
});

test("a setting that is raised lets them lie unused for longer, and last no longer than they were given", () => {
	const given = { started: hours(20), seen: hours(1), longest: hours(24) };
	expect(endOf(session(given), clinicWith(hours(2)), NOW)).toBe(NOW + hours(1));
	expect(endOf(session(given), clinicWith(hours(8)), NOW)).toBe(NOW + hours(4));
	expect(endOf(session(given), clinicWith(days(7)), NOW)).toBe(NOW + hours(4));
});

test("it ends for not being used, or for being old: then no use keeps it", () => {
	const clinic = clinicWith(hours(2));
	expect(endsUnused(session({ started: hours(5), seen: hours(1) }), clinic, NOW)).toBe(true);
	expect(endsUnused(session({ started: hours(23), seen: 0 }), clinic, NOW)).toBe(false);
	// To the millisecond the same: using it keeps it no longer.
	expect(endsUnused(session({ started: hours(22), seen: 0 }), clinic, NOW)).toBe(false);
});

test("its last use is written once a minute", () => {
	expect(isLastSeenStale(session({ started: 0, seen: minutes(1) - 1 }), NOW)).toBe(false);
	expect(isLastSeenStale(session({ started: 0, seen: minutes(1) }), NOW)).toBe(true);
});

test("what finds live sessions finds those that are not over, and no other", () => {
	const edges = SIGN_OUT_CHOICES_MS.flatMap((ms) => [ms - 1, ms, ms + 1]);
	const ago = fc.oneof(fc.constantFrom(0, ...edges), fc.integer({ min: 0, max: days(9) }));
	const dates = fc.constantFrom(null, inForce, scheduled);
	fc.assert(
		fc.property(
			fc.constantFrom(...SIGN_OUT_CHOICES_MS),
			dates,
			ago,
			ago,
			ago,
			(chosen, day, started, seen, longest) => {
				const clinic = clinicWith(chosen, day);
				const one = session({ started, seen, longest });
				const after = liveAfter(clinic, NOW);
				const isFound =
					one.lastSeenAt > after.lastSeenAt &&
					one.startedAt > after.startedAt &&
					one.expiresAt > after.expiresAt;
				expect(isFound).toBe(!isOver(one, clinic, NOW));
			},
		),
	);
});
