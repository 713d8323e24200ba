import type { Method } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { LATELY_MS, wasChangedLately } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { MayBeReset } from "../reset/may-be-reset.rule.ts";
import type { MayBeGiven } from "../temporary-code/temporary-code.rule.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { ButtonLink, FactList, Links, Notice, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";

/** A colleague as their page shows them. */
export type Colleague = {
	profile: Profile;
	methods: readonly Method[];
	sessions: number;
	trusted: number;
	isOneself: boolean;
	mayBeGiven: MayBeGiven;
	mayBeReset: MayBeReset;
	/** With a reset pending; else only a temporary code gets them in. */
	isEmailedCodeEnough: boolean;
	/** Else a password link is their first. */
	hasPassword: boolean;
	/** Where a password link goes. */
	linkAddress: string;
	/** A temporary code that waits, of the operator's where nobody of the clinic gave it. */
	waitingCode: { giver: string | undefined; until: number } | undefined;
	/** A new email that waits for its confirmation, until then at most. */
	waiting: { email: string; until: number } | undefined;
	/** Whether emails leave this server at all. */
	sendsEmails: boolean;
};

/** What just happened: `info` where nothing was changed, or something else than was asked for. */
export type ColleagueNotice = { kind: "success" | "info"; sentence: string };

/**
 * @param props.notice what just happened
 * @param props.isJustReset that is what just happened
 */
export function ColleaguePage(props: {
	colleague: Colleague;
	notice: ColleagueNotice | undefined;
	isJustReset: boolean;
}) {
	const { colleague, notice, isJustReset } = props;
	const { words } = usePage();
	const { staff, staffProfiles, reset } = words;
	const { profile } = colleague;
	return (
		<SignInLayout title={profile.name}>
			{notice && <Notice kind={notice.kind}>{notice.sentence}</Notice>}
			{profile.active && !colleague.sendsEmails && (
				<Notice kind="warning" title={staff.noEmailsTitle}>
					<p>{staff.noEmails}</p>
				</Notice>
			)}
			{!profile.active && !notice && <Notice kind="warning">{staff.isDeactivated}</Notice>}
			{profile.resetPendingAt !== null && (
				<Notice
					kind={isJustReset ? "success" : "warning"}
					title={isJustReset ? reset.isDone(profile.name) : staff.resetPending}
				>
					<WhatIsNeeded colleague={colleague} />
				</Notice>
			)}
			<ProfileFacts colleague={colleague} />
			{colleague.isOneself && (
				<p>
					{staff.isYou} <a href={paths.account}>{words.layout.myAccount}</a>.
				</p>
			)}
			{!colleague.isOneself && !profile.active && (
				<div class="buttons">
					<ButtonLink href={paths.reactivateColleague.to(profile.profileId)} kind="primary">
						{staffProfiles.reactivate}
					</ButtonLink>
				</div>
			)}
			{!colleague.isOneself && profile.active && (
				<>
					<Helps colleague={colleague} />
					<Changes colleague={colleague} />
				</>
			)}
			<Links>
				<a href={`${paths.activity}?person=${profile.profileId}`}>{staff.activityOf}</a>
				<a href={paths.staff}>{staff.back}</a>
			</Links>
		</SignInLayout>
	);
}

function ProfileFacts({ colleague }: { colleague: Colleague }) {
	const { words, clinic, now } = usePage();
	const { staff, account, product } = words;
	const { profile, methods, waiting, waitingCode, sessions, trusted } = colleague;
	const moment = (at: number) => `${words.date(at, clinic.timeZone)}, ${words.time(at, clinic.timeZone)}`;
	const { number, isEarlier } = numberToCall(profile, now);
	return (
		<FactList
			facts={[
				{ label: account.email, value: profile.email },
				...(waiting
					? [
							{
								label: staff.waitingEmail,
								value: staff.waitsUntilConfirmed(waiting.email, moment(waiting.until)),
							},
						]
					: []),
				...(isEarlier
					? [
							{
								label: staff.callInstead,
								value: <strong>{number ? staff.callEarlier(prettyNumber(number)) : staff.callNobody}</strong>,
							},
						]
					: []),
				{ label: account.mobile, value: profile.mobile ? prettyNumber(profile.mobile) : account.noMobile },
				{ label: account.access, value: account.accessLevels[profile.access] },
				{
					label: product,
					value:
						methods.length > 0 ? staff.onWith(methods.map(({ kind }) => words.methods[kind])) : account.off,
				},
				...(waitingCode
					? [
							{
								label: words.temporaryCode.label,
								value: staff.waitingCode(waitingCode.giver, waitingCode.until, now, clinic.timeZone),
							},
						]
					: []),
				{
					label: staff.lastSignIn,
					value: profile.lastSignInAt === null ? staff.never : moment(profile.lastSignInAt),
				},
				...(sessions > 0 ? [{ label: words.layout.sessions, value: String(sessions) }] : []),
				...(trusted > 0 ? [{ label: staff.trusted, value: String(trusted) }] : []),
			]}
		/>
	);
}

/** What gets a colleague in again: the gentlest first. */
function Helps({ colleague }: { colleague: Colleague }) {
	const { words, now } = usePage();
	const { staff, reset } = words;
	const { profile, mayBeGiven, mayBeReset, hasPassword, linkAddress } = colleague;
	const { profileId } = profile;
	const goesToEarlier = wasChangedLately(profile.emailChangedAt, now) && linkAddress !== profile.email;
	return (
		<section aria-labelledby="help-them">
			<h2 id="help-them">{staff.helpTitle}</h2>
			{mayBeGiven.kind === "yes" && hasPassword ? (
				<>
					<p>{staff.codeWhat}</p>
					<div class="buttons">
						<ButtonLink href={paths.giveTemporaryCode.to(profileId)} kind="primary">
							{staff.giveCode}
						</ButtonLink>
					</div>
				</>
			) : (
				<CodeNot colleague={colleague} />
			)}
			<p>
				<LinkWhat colleague={colleague} /> {goesToEarlier && staff.linkGoesToEarlier}
			</p>
			<div class="buttons">
				<PostButton action={paths.sendPasswordLink.to(profileId)} label={staff.sendLink} />
			</div>
			{mayBeReset.kind === "yes" && (
				<>
					<p>{reset.what}</p>
					<div class="buttons">
						<ButtonLink href={paths.resetColleague.to(profileId)}>{reset.submit}</ButtonLink>
					</div>
				</>
			)}
		</section>
	);
}

/** What a password link is for, and where it goes. */
function LinkWhat({ colleague }: { colleague: Colleague }) {
	const { staff } = usePage().words;
	const { hasPassword, linkAddress, waiting } = colleague;
	if (hasPassword) return staff.sendLinkWhat(linkAddress, afterLink(colleague));
	// Whoever has just corrected a mistyped address does not send another link to a stranger.
	return waiting
		? staff.invitedOnceConfirmed(waiting.email, linkAddress)
		: staff.invitationWaits(linkAddress);
}

/** Why no temporary code can be given, and who helps then. */
function CodeNot({ colleague: { profile, mayBeGiven, hasPassword } }: { colleague: Colleague }) {
	const { codeNot } = usePage().words.staff;
	const until = useLatelyUntil(profile);
	switch (mayBeGiven.kind) {
		case "email-changed":
			return (
				<p>
					{codeNot["email-changed"](until)} <SupportLink />
				</p>
			);
		case "not-asked-for":
			return hasPassword ? <p class="quiet">{codeNot["not-asked-for"]}</p> : null;
		case "deactivated":
			return <p class="quiet">{codeNot.deactivated}</p>;
		case "yes":
			return null;
	}
}

/** What is asked for at the next sign-in, besides a password that was set by a link. */
function afterLink({ profile, methods, mayBeGiven }: Colleague) {
	if (profile.resetPendingAt !== null) {
		return mayBeGiven.kind === "yes" ? "temporary-code" : "operators-code";
	}
	return methods.length > 0 ? "their-code" : "nothing";
}

/** The rest of what can be done to a staff profile. */
function Changes({ colleague }: { colleague: Colleague }) {
	const { staff, staffProfiles } = usePage().words;
	const { profileId } = colleague.profile;
	return (
		<section aria-labelledby="their-profile">
			<h2 id="their-profile">{staff.profileTitle}</h2>
			<div class="buttons">
				<ButtonLink href={paths.editColleague.to(profileId)}>{staffProfiles.edit}</ButtonLink>
				{colleague.waiting && (
					<ButtonLink href={paths.cancelColleaguesEmailChange.to(profileId)}>
						{staffProfiles.cancelEmail}
					</ButtonLink>
				)}
				{colleague.sessions > 0 && (
					<PostButton action={paths.signColleagueOut.to(profileId)} label={staff.signOut} />
				)}
				<ButtonLink href={paths.deactivateColleague.to(profileId)}>{staffProfiles.deactivate}</ButtonLink>
			</div>
		</section>
	);
}

/** What gets somebody in while their reset is pending. */
function WhatIsNeeded({ colleague }: { colleague: Colleague }) {
	const { reset } = usePage().words;
	const { profile, mayBeGiven, isEmailedCodeEnough } = colleague;
	const until = useLatelyUntil(profile);
	if (mayBeGiven.kind === "email-changed") {
		return (
			<p>
				{reset.pendingByOperator(until)} <SupportLink />
			</p>
		);
	}
	return <p>{isEmailedCodeEnough ? reset.pendingByEmail(profile.email) : reset.pendingByCode}</p>;
}

/** Until when a change of email counts. */
function useLatelyUntil({ emailChangedAt }: Profile): string {
	const { words, clinic } = usePage();
	return words.date((emailChangedAt ?? 0) + LATELY_MS, clinic.timeZone);
}

function SupportLink() {
	const { supportEmail } = usePage();
	return <a href={`mailto:${supportEmail}`}>{supportEmail}</a>;
}
