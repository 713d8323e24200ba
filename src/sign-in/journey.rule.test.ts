import { expect, test } from "vitest";
import { hours, minutes } from "../clock.ts";
import { type JourneyFacts, nextStep, type Step } from "./journey.rule.ts";

const now = Date.UTC(2026, 11, 7, 17);
const nothingSpecial: JourneyFacts = {
	now,
	isResetPending: false,
	passwordSetByLinkAt: null,
	wasEmailChangedLately: false,
	lastSignInAt: now - hours(30),
	hasMethodOn: false,
	isBrowserTrusted: false,
	clinicAllowsTrust: true,
	enforcement: { kind: "off" },
	hasPassedEmailedCode: false,
	hasPassedTemporaryCode: false,
	hasDeclinedSetUp: false,
};

const reset = { isResetPending: true };
const byMail = { passwordSetByLinkAt: now - minutes(20) };
const newEmail = { wasEmailChangedLately: true };
const emailed = { hasPassedEmailedCode: true };
const temporary = { hasPassedTemporaryCode: true };
const notNow = { hasDeclinedSetUp: true };
const on = { hasMethodOn: true };
const trusted = { isBrowserTrusted: true };
const scheduled = { enforcement: { kind: "scheduled", on: "2026-12-14" } } as const;
const inForce = { enforcement: { kind: "in-force", on: "2026-12-07" } } as const;

const onlyTemporary: Step = { kind: "prove", with: ["temporary-code"] };
const emailedOrTemporary: Step = { kind: "prove", with: ["emailed-code", "temporary-code"] };
const forced: Step = { kind: "forced-set-up" };
const offered: Step = { kind: "offer-set-up", by: "2026-12-14" };
const offeredWithoutDate: Step = { kind: "offer-set-up", by: undefined };
const secondStep: Step = { kind: "second-step" };
const session: Step = { kind: "session", by: "password" };
const trustedSession: Step = { kind: "session", by: "trusted-browser" };

test.each<[string, Partial<JourneyFacts>[], Step]>([
	[
		"a pending reset and a password from the mailbox ask for a temporary code only",
		[reset, byMail],
		onlyTemporary,
	],
	["… and the mailbox's code does not replace it", [reset, byMail, emailed], onlyTemporary],
	["… whatever the rule of the clinic", [reset, byMail, inForce], onlyTemporary],
	["… and a method that is on does not replace it", [reset, byMail, on], onlyTemporary],
	["… and with it the prompt follows", [reset, byMail, temporary], offeredWithoutDate],
	["… or the forced set-up", [reset, byMail, temporary, inForce], forced],
	[
		"… but a sign-in finished since makes that password the person's own",
		[reset, { ...byMail, lastSignInAt: now }],
		emailedOrTemporary,
	],
	[
		"… and an email changed within 7 days asks for a temporary code only too",
		[reset, newEmail],
		onlyTemporary,
	],
	["… with which the prompt follows", [reset, newEmail, temporary], offeredWithoutDate],
	["… but without a reset it changes nothing", [newEmail, on], secondStep],
	["a pending reset asks for an emailed or temporary code", [reset], emailedOrTemporary],
	["… also in a trusted browser", [reset, on, trusted], emailedOrTemporary],
	[
		"… and then for the prompt without a date where nothing is required",
		[reset, emailed],
		offeredWithoutDate,
	],
	["… which may be declined", [reset, emailed, notNow], session],
	["… with the date where one is set", [reset, emailed, scheduled], offered],
	["… and for the set-up where it is in force", [reset, emailed, inForce], forced],
	["… and Not now before the code opens nothing", [reset, notNow], emailedOrTemporary],
	["a trusted browser skips the second step", [on, trusted], trustedSession],
	["… not where the clinic does not allow it", [on, trusted, { clinicAllowsTrust: false }], secondStep],
	["… and is nothing to a person without a method", [trusted, inForce], emailedOrTemporary],
	["a method that is on asks for the second step", [on], secondStep],
	["… whatever the rule of the clinic is", [on, scheduled], secondStep],
	["… also in force", [on, inForce], secondStep],
	["… and no other proof of this sign-in replaces it", [on, emailed, temporary, notNow], secondStep],
	["none, in force: the emailed or a temporary code", [inForce], emailedOrTemporary],
	["… then the forced set-up", [inForce, emailed], forced],
	["… with a temporary code as well", [inForce, temporary], forced],
	["… neither code where the password came from the mailbox within the hour", [inForce, byMail], forced],
	["… but after that hour again", [inForce, { passwordSetByLinkAt: now - hours(1) }], emailedOrTemporary],
	["… and Not now pressed before the date does not count", [inForce, notNow], emailedOrTemporary],
	["none, scheduled: the prompt", [scheduled], offered],
	["… which Not now passes", [scheduled, notNow], session],
	["none, off: the session", [], session],
])("%s", (_line, facts, step) => {
	expect(nextStep(Object.assign({}, nothingSpecial, ...facts))).toEqual(step);
});

test("with a method on or a reset pending, a password alone never gives a session", () => {
	const yesNo = [true, false];
	for (const isResetPending of yesNo)
		for (const passwordSetByLinkAt of [null, now - minutes(5), now - hours(5)])
			for (const hasMethodOn of yesNo)
				for (const enforcement of [{ kind: "off" }, inForce.enforcement, scheduled.enforcement] as const)
					for (const hasDeclinedSetUp of yesNo) {
						if (!isResetPending && !hasMethodOn && enforcement.kind !== "in-force") continue;
						const facts = { isResetPending, passwordSetByLinkAt, hasMethodOn, enforcement, hasDeclinedSetUp };
						expect(nextStep({ ...nothingSpecial, ...facts }).kind).not.toBe("session");
					}
});
