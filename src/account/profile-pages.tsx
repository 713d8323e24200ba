import type { ComponentChildren } from "preact";
import type { EmailChangeRow } from "../db/tables.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import { LATELY_MS, passwordLinkAddress } from "../profiles/lately-changed.rule.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { maskNumber, prettyNumber } from "../text-message/number.rule.ts";
import {
	ButtonLink,
	EmailField,
	type FieldError,
	Form,
	Links,
	Notice,
	noticeNamed,
	PhoneField,
	PostButton,
} from "../web/controls.tsx";
import { AccountLayout, SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

/** Where a person's codes are texted, and whether a new number takes its place by a set-up. */
export type TextedTo = { number: string | undefined; isReplaced: boolean };

/**
 * @param props.waiting the change of email that waits; `askedBy` is a colleague's name
 * @param props.notice what just happened, one of `words.profile.notices`; anything else says nothing
 */
export function ProfilePage(props: {
	profile: Profile;
	waiting: { change: EmailChangeRow; askedBy: string | undefined } | undefined;
	texted: TextedTo;
	notice: string;
}) {
	const { words, now } = usePage();
	const { account } = words;
	const { profile, waiting } = props;
	const said = words.profile;
	const notice = noticeNamed(said.notices, props.notice);
	const byFullAccess = said.byFullAccess(profile.access === "full");
	const linksTo = passwordLinkAddress(profile, now);
	const call = numberToCall(profile, now);
	const emailUntil = useEndOf(profile.emailChangedAt);
	const mobileUntil = useEndOf(profile.mobileChangedAt);
	return (
		<AccountLayout title={words.layout.profile} current="profile" lead={said.lead}>
			{notice && <Notice kind="success">{notice}</Notice>}
			{waiting && <WaitingChange {...waiting} current={profile.email} />}
			<ul class="rows">
				<Row label={account.name} value={profile.name} hint={byFullAccess} />
				<Row
					label={account.email}
					value={profile.email}
					hint={linksTo === profile.email ? said.emailWhat : said.emailLately(linksTo, emailUntil)}
				>
					<ButtonLink href={paths.changeEmail}>
						{said.change} <span class="visually-hidden">{account.email}</span>
					</ButtonLink>
				</Row>
				<Row
					label={account.mobile}
					value={profile.mobile === null ? account.noMobile : prettyNumber(profile.mobile)}
					hint={
						<>
							{call.number !== profile.mobile
								? said.mobileLately(call.number === null ? undefined : prettyNumber(call.number), mobileUntil)
								: said.mobileWhat}{" "}
							<TextedHint {...props.texted} mobile={profile.mobile} />
						</>
					}
				>
					<ButtonLink href={paths.changeMobile}>
						{said.change} <span class="visually-hidden">{account.mobile}</span>
					</ButtonLink>
				</Row>
				<Row label={account.access} value={account.accessLevels[profile.access]} hint={byFullAccess} />
			</ul>
		</AccountLayout>
	);
}

function Row(props: { label: string; value: string; hint: ComponentChildren; children?: ComponentChildren }) {
	return (
		<li>
			<div>
				<h2>{props.label}</h2>
				<p class="value">{props.value}</p>
				<p class="quiet">{props.hint}</p>
			</div>
			{props.children && <div class="row-actions">{props.children}</div>}
		</li>
	);
}

function TextedHint({ number, isReplaced, mobile }: TextedTo & { mobile: string | null }): ComponentChildren {
	const said = useWords().profile;
	if (number === undefined) return null;
	if (number !== mobile) return said.codesElsewhere(maskNumber(number));
	return isReplaced ? said.mobileCodes : null;
}

function WaitingChange(props: { change: EmailChangeRow; askedBy: string | undefined; current: string }) {
	const { words, clinic } = usePage();
	const said = words.profile;
	const { change, askedBy, current } = props;
	const day = words.date(change.expires_at, clinic.timeZone);
	const until = `${day}, ${words.time(change.expires_at, clinic.timeZone)}`;
	return (
		<Notice kind="info" title={said.waitsTitle(change.new_email)}>
			<p>{said.waits(until, current, askedBy)}</p>
			<PostButton action={paths.cancelEmailChange} label={said.cancelChange} />
		</Notice>
	);
}

/** The day on which 7 days from then are over. */
function useEndOf(changedAt: number | null): string {
	const { words, clinic } = usePage();
	return words.date((changedAt ?? 0) + LATELY_MS, clinic.timeZone);
}

/** @param props.typed the new email as it was typed */
export function ChangeEmailPage(props: { typed: string; hasMethodOn: boolean; errors?: FieldError[] }) {
	const { profile, account } = useWords();
	const { reader } = usePage();
	const { typed, hasMethodOn, errors } = props;
	return (
		<SignInLayout title={profile.changeEmailTitle} lead={profile.changeEmailLead(reader?.email ?? "")}>
			<p>{profile.sevenDays(hasMethodOn)}</p>
			<Form action={paths.changeEmail} errors={errors} submit={profile.sendConfirmation}>
				<EmailField name="email" label={profile.newEmail} value={typed} autocomplete="email" />
				<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} />
			</Form>
			<CancelLink />
		</SignInLayout>
	);
}

/**
 * @param props.typed the number as it was typed
 * @param props.hasOne whether there is a number now
 */
export function ChangeMobilePage(props: {
	typed: string;
	hasOne: boolean;
	texted: TextedTo;
	errors?: FieldError[];
}) {
	const { profile, account } = useWords();
	const { number } = props.texted;
	return (
		<SignInLayout title={profile.changeMobileTitle} lead={profile.changeMobileLead}>
			<p>{profile.mobileSevenDays(props.hasOne)}</p>
			{number !== undefined && <p>{profile.codesElsewhere(maskNumber(number))}</p>}
			<Form action={paths.changeMobile} errors={props.errors} submit={profile.save}>
				<PhoneField name="mobile" label={account.mobile} value={props.typed} hint={profile.mobileHint} />
				<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} />
			</Form>
			<CancelLink />
		</SignInLayout>
	);
}

function CancelLink() {
	const { account } = useWords();
	return (
		<Links>
			<a href={paths.profile}>{account.cancel}</a>
		</Links>
	);
}

/** What the link in the email opens: one button, since mail scanners open links. */
export function ConfirmEmailPage({ email, personName }: { email: string; personName: string }) {
	const { words, clinic, path } = usePage();
	const said = words.profile;
	return (
		<SignInLayout title={said.confirmTitle} lead={said.confirmLead(email, personName, clinic.name)}>
			<Form action={path} submit={said.confirm} />
			<p class="quiet">{said.confirmNot}</p>
		</SignInLayout>
	);
}

/** @param props.earlierEmail where password links go for 7 days; undefined where that is the new one */
export function EmailConfirmedPage(props: {
	email: string;
	earlierEmail: string | undefined;
	isInvited: boolean;
}) {
	const { words, clinic, reader } = usePage();
	const said = words.profile;
	return (
		<SignInLayout title={said.confirmedTitle} lead={said.confirmed(props.email, clinic.name)}>
			{props.earlierEmail !== undefined && <p>{said.confirmedNext(props.earlierEmail)}</p>}
			{props.isInvited ? (
				<p>{said.invited}</p>
			) : (
				<ButtonLink href={reader ? paths.home : paths.signIn} kind="primary">
					{reader ? said.goOn : said.signIn}
				</ButtonLink>
			)}
		</SignInLayout>
	);
}

/** A link that was used, has ended, ran out or never was one; says what to do. */
export function DeadEmailLinkPage() {
	const said = useWords().profile;
	return (
		<SignInLayout title={said.overTitle}>
			<p>{said.over}</p>
			<p>{said.overNext}</p>
			<ButtonLink href={paths.signIn} kind="primary">
				{said.signIn}
			</ButtonLink>
		</SignInLayout>
	);
}

/** Somebody else has that email by now. */
export function EmailTakenPage({ email }: { email: string }) {
	const said = useWords().profile;
	return (
		<SignInLayout title={said.takenTitle}>
			<p>{said.taken(email)}</p>
			<p>{said.takenNext}</p>
			<ButtonLink href={paths.signIn} kind="primary">
				{said.signIn}
			</ButtonLink>
		</SignInLayout>
	);
}
