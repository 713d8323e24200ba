import type { Method } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { wasChangedLately } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { MayBeReset } from "../reset/may-be-reset.rule.ts";
import type { MayBeGiven } from "../temporary-code/temporary-code.rule.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { ButtonLink, FactList, Notice, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { Words } from "../words/words.ts";

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
	/** A new email that waits for its confirmation, until then at most. */
	waiting: { email: string; until: number } | undefined;
	/** Whether emails leave this server at all. */
	sendsEmails: boolean;
};

/**
 * @param props.notice what just happened
 * @param props.isJustReset that is what just happened
 */
export function ColleaguePage(props: {
	colleague: Colleague;
	notice: string | undefined;
	isJustReset: boolean;
}) {
	const { colleague, notice, isJustReset } = props;
	const { words } = usePage();
	const { staff, staffProfiles, reset } = words;
	const { profile } = colleague;
	return (
		<SignInLayout title={profile.name}>
			{notice && <Notice kind="success">{notice}</Notice>}
			{profile.active && !colleague.sendsEmails && (
				<Notice kind="warning" title={staff.noEmailsTitle}>
					<p>{staff.noEmails}</p>
				</Notice>
			)}
			{!profile.active && <Notice kind="warning">{staff.isDeactivated}</Notice>}
			{profile.resetPendingAt !== null && (
				<Notice
					kind={isJustReset ? "success" : "warning"}
					title={isJustReset ? reset.isDone : staff.resetPending}
				>
					<p>{whatIsNeeded(colleague, reset)}</p>
				</Notice>
			)}
			<ProfileFacts colleague={colleague} />
			{colleague.isOneself && (
				<p>
					{staff.isYou} <a href={paths.account}>{words.layout.myAccount}</a>
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
			<p>
				<a href={paths.staff}>{staff.back}</a>
			</p>
		</SignInLayout>
	);
}

function ProfileFacts({ colleague }: { colleague: Colleague }) {
	const { words, clinic, now } = usePage();
	const { staff, account, product } = words;
	const { profile, methods, waiting } = colleague;
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
				{ label: account.mobile, value: profile.mobile ? prettyNumber(profile.mobile) : account.noMobile },
				...(isEarlier
					? [
							{
								label: staff.callInstead,
								value: number ? staff.callEarlier(prettyNumber(number)) : staff.callNobody,
							},
						]
					: []),
				{ label: account.access, value: account.accessLevels[profile.access] },
				{ label: product, value: methods.length > 0 ? account.on : account.off },
				{
					label: account.methods,
					value: methods.map(({ kind }) => words.methods[kind]).join(", ") || staff.none,
				},
				{
					label: staff.lastSignIn,
					value: profile.lastSignInAt === null ? staff.never : moment(profile.lastSignInAt),
				},
				{ label: words.layout.sessions, value: String(colleague.sessions) },
				{ label: staff.trusted, value: String(colleague.trusted) },
			]}
		/>
	);
}

/** What gets a colleague in again: the gentlest first. */
function Helps({ colleague }: { colleague: Colleague }) {
	const { words, now } = usePage();
	const { staff, reset } = words;
	const { profile, methods, mayBeGiven, mayBeReset, hasPassword, linkAddress } = colleague;
	const { profileId } = profile;
	const goesToEarlier = wasChangedLately(profile.emailChangedAt, now) && linkAddress !== profile.email;
	return (
		<section aria-labelledby="help-them">
			<h2 id="help-them">{staff.helpTitle}</h2>
			{mayBeGiven.kind === "yes" ? (
				<>
					<p>{staff.codeWhat}</p>
					<div class="buttons">
						<ButtonLink href={paths.giveTemporaryCode.to(profileId)} kind="primary">
							{staff.giveCode}
						</ButtonLink>
					</div>
				</>
			) : (
				<p class="quiet">{staff.codeNot[mayBeGiven.kind]}</p>
			)}
			<p>
				{staff.sendLinkWhat(linkAddress, { hasPassword, isOn: methods.length > 0 })}{" "}
				{goesToEarlier && staff.linkGoesToEarlier}
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

/** The rest of what can be done to a staff profile. */
function Changes({ colleague }: { colleague: Colleague }) {
	const { staff, staffProfiles } = usePage().words;
	const { profileId } = colleague.profile;
	return (
		<section aria-labelledby="their-profile">
			<h2 id="their-profile">{staff.profileTitle}</h2>
			<div class="buttons">
				<ButtonLink href={paths.editColleague.to(profileId)}>{staffProfiles.edit}</ButtonLink>
				{colleague.sessions > 0 && (
					<PostButton action={paths.signColleagueOut.to(profileId)} label={staff.signOut} />
				)}
				<ButtonLink href={paths.deactivateColleague.to(profileId)}>{staffProfiles.deactivate}</ButtonLink>
			</div>
		</section>
	);
}

/** What gets somebody in while their reset is pending. */
function whatIsNeeded(
	{ profile, mayBeGiven, isEmailedCodeEnough }: Colleague,
	reset: Words["reset"],
): string {
	if (mayBeGiven.kind === "email-changed") return reset.pendingByOperator;
	return isEmailedCodeEnough ? reset.pendingByEmail(profile.email) : reset.pendingByCode;
}

/** Whoever helps has a second step of their own. */
export function OwnMethodFirstPage() {
	const { words } = usePage();
	const { staff, account } = words;
	return (
		<SignInLayout title={staff.setUpFirstTitle} lead={staff.setUpFirst}>
			<p>
				<ButtonLink href={paths.twoStep} kind="primary">
					{account.setUpNow}
				</ButtonLink>
			</p>
		</SignInLayout>
	);
}
