import type { Deps } from "../deps.ts";
import { findWaitingEmailChange } from "../email-change/store.ts";
import { hasMethodOn } from "../methods/store.ts";
import { askAgain } from "../passwords/ask-again.ts";
import { paths } from "../paths.ts";
import { readMobile } from "../profiles/mobile.rule.ts";
import { readEmail } from "../profiles/person.rule.ts";
import { emailKey } from "../profiles/profile.ts";
import { findProfile } from "../profiles/store.ts";
import { insideProvenSession } from "../second-step/proven-session.tsx";
import { insideSession, readSession, type SessionVisit, sessionEnded } from "../sessions/gate.tsx";
import { offeredKinds } from "../set-up/offered-kinds.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { findNumber } from "../text-message/store.ts";
import { type Answer, goTo, type Handler, page } from "../web/answer.ts";
import type { FieldError } from "../web/controls.tsx";
import type { Web } from "../web/server.tsx";
import { askForOwnEmailChange, cancelEmailChange } from "./change-email.ts";
import { changeOwnMobile } from "./change-mobile.ts";
import { confirmEmail, findOpenChange } from "./confirm-email.ts";
import {
	ChangeEmailPage,
	ChangeMobilePage,
	ConfirmEmailPage,
	DeadEmailLinkPage,
	EmailConfirmedPage,
	EmailTakenPage,
	ProfilePage,
	type TextedTo,
} from "./profile-pages.tsx";

/** My Account → Profile: who one is, and a new email or mobile number of one's own. */
export function profileRoutes(web: Web, deps: Deps): void {
	const getProven = (pattern: string, handler: Handler<SessionVisit>) =>
		web.get(pattern, insideProvenSession(deps, "GET", handler));
	const postProven = (pattern: string, handler: Handler<SessionVisit>) =>
		web.post(pattern, insideProvenSession(deps, "POST", handler));

	web.get(
		paths.profile,
		insideSession(deps, "GET", async (visit) => {
			const { profile } = visit.session;
			const { clinicId, profileId } = profile;
			const change = await findWaitingEmailChange(deps.db, clinicId, profileId, visit.now);
			const isOwn = change?.asked_by === profileId;
			const asker = change && !isOwn ? await findProfile(deps.db, clinicId, change.asked_by) : undefined;
			const waiting = change && { change, askedBy: asker?.name };
			const notice = visit.query.text("notice");
			return page(visit, <ProfilePage {...{ profile, waiting, notice }} texted={await readTexted(visit)} />);
		}),
	);

	getProven(paths.changeEmail, async (visit) => showEmailForm(visit, ""));

	postProven(paths.changeEmail, async (visit) => {
		const { words, now } = visit;
		const typed = visit.form.text("email").trim();
		const again = (errors: FieldError[], status = 422) => showEmailForm(visit, typed, errors, status);
		const email = readEmail(typed);
		const errors: FieldError[] = [];
		if (email === undefined) errors.push({ field: "email", sentence: words.profile.needsEmail });
		else if (emailKey(email) === emailKey(visit.session.profile.email))
			errors.push({ field: "email", sentence: words.profile.sameEmail });
		const asked = await askAgain(deps, visit);
		if (asked.kind === "session-ended") return sessionEnded();
		if (asked.kind === "refused") errors.push(...asked.errors);
		if (email === undefined || errors.length > 0) return again(errors);

		const change = await askForOwnEmailChange(deps, visit, email);
		switch (change.kind) {
			case "asked":
				return goTo(paths.profile);
			case "same":
				return again([{ field: "email", sentence: words.profile.sameEmail }]);
			case "wait":
				return again(
					[{ field: "email", sentence: words.profile.waitToAsk[change.who](change.until, now) }],
					429,
				);
			case "meanwhile":
				return again([{ field: "", sentence: words.profile.meanwhile }]);
		}
	});

	web.post(
		paths.cancelEmailChange,
		insideSession(deps, "POST", async (visit) => {
			const isCancelled = await cancelEmailChange(deps, visit);
			return goTo(isCancelled ? `${paths.profile}?notice=cancelled` : paths.profile);
		}),
	);

	getProven(paths.changeMobile, async (visit) => {
		const texted = await readTexted(visit);
		// A number that codes go to is proved before it counts.
		if (texted.isReplaced) return goTo(paths.textMessage);
		const { mobile } = visit.session.profile;
		const typed = mobile === null ? "" : prettyNumber(mobile);
		return page(visit, <ChangeMobilePage typed={typed} hasOne={mobile !== null} texted={texted} />);
	});

	postProven(paths.changeMobile, async (visit) => {
		const texted = await readTexted(visit);
		if (texted.isReplaced) return goTo(paths.textMessage);
		const { words, clinic } = visit;
		const typed = visit.form.text("mobile").trim();
		const hasOne = visit.session.profile.mobile !== null;
		const again = (errors: FieldError[]) =>
			page(visit, <ChangeMobilePage {...{ typed, hasOne, texted, errors }} />, 422);
		const mobile = typed === "" ? null : readMobile(typed, clinic.country);
		const errors: FieldError[] = [];
		if (mobile === undefined) errors.push({ field: "mobile", sentence: words.profile.needsMobile });
		else if (mobile === visit.session.profile.mobile)
			errors.push({ field: "mobile", sentence: words.profile.sameMobile });
		const asked = await askAgain(deps, visit);
		if (asked.kind === "session-ended") return sessionEnded();
		if (asked.kind === "refused") errors.push(...asked.errors);
		if (mobile === undefined || errors.length > 0) return again(errors);

		switch (await changeOwnMobile(deps, visit, mobile)) {
			case "changed":
			case "same":
				return goTo(`${paths.profile}?notice=mobile`);
			case "meanwhile":
				return again([{ field: "", sentence: words.profile.meanwhile }]);
		}
	});

	web.get(paths.confirmEmail.pattern, async (visit) => {
		const open = await findOpenChange(deps.db, visit.clinic.clinicId, visit.params.token, visit.now);
		if (!open) return page(visit, <DeadEmailLinkPage />, 410);
		const { change, profile } = open;
		return page(visit, <ConfirmEmailPage email={change.new_email} personName={profile.name} />);
	});

	web.post(paths.confirmEmail.pattern, async (visit) => {
		const confirmed = await confirmEmail(deps, visit);
		switch (confirmed.kind) {
			case "confirmed": {
				const session = await readSession(deps, visit);
				const reader = session?.profile;
				return page(reader ? { ...visit, reader } : visit, <EmailConfirmedPage {...confirmed} />);
			}
			case "taken":
				return page(visit, <EmailTakenPage email={confirmed.email} />, 410);
			case "over":
				return page(visit, <DeadEmailLinkPage />, 410);
		}
	});

	async function showEmailForm(
		visit: SessionVisit,
		typed: string,
		errors: FieldError[] = [],
		status = 200,
	): Promise<Answer> {
		const isOn = await hasMethodOn(deps.db, visit.session.profile);
		return page(visit, <ChangeEmailPage {...{ typed, errors }} hasMethodOn={isOn} />, status);
	}

	/** Where codes are texted to this person, and whether a new number can take its place here. */
	async function readTexted({ session, clinic }: SessionVisit): Promise<TextedTo> {
		const { clinicId, profileId } = session.profile;
		const number = await findNumber(deps.db, clinicId, profileId);
		const isOffered = offeredKinds(deps.config, clinic).includes("text-message");
		return { number, isReplaced: number !== undefined && isOffered };
	}
}
