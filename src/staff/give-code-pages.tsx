import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { TemporaryCode } from "../temporary-code/give-code.ts";
import { DEFAULT_LIFE_MS, TEMPORARY_CODE_LIVES_MS } from "../temporary-code/temporary-code.rule.ts";
import { ButtonLink, type FieldError, Form, Group, Notice, Radio } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { CallLink } from "./call-link.tsx";
import type { ToldHow } from "./give-code-to-colleague.ts";

/** A colleague who can be given a temporary code. */
export type ToGive = {
	profile: Profile;
	/** Else a reset is pending, or they have none yet: then the code is asked for in another place. */
	hasMethodOn: boolean;
	/** An earlier one works until then. */
	waitsUntil: number | undefined;
	/** How it can be told: by phone only where there is a number to call. */
	waysToTell: readonly ToldHow[];
};

export function GiveCodePage(props: {
	asked: ToGive;
	filled: { lives: string; how: string };
	errors?: FieldError[];
}) {
	const { words, clinic, now } = usePage();
	const { staff, staffProfiles, account } = words;
	const { filled } = props;
	const { profile, waitsUntil, waysToTell } = props.asked;
	const cancel = <ButtonLink href={paths.colleague.to(profile.profileId)}>{account.cancel}</ButtonLink>;
	const lives = filled.lives || String(DEFAULT_LIFE_MS);
	return (
		<SignInLayout
			title={staff.giveCodeTo(profile.name)}
			lead={staff.giveCodeLead(waysToTell.includes("by-phone"))}
		>
			<CallNotice profile={profile} />
			{waitsUntil !== undefined && (
				<Notice kind="info">{staff.stillWorks(waitsUntil, now, clinic.timeZone)}</Notice>
			)}
			<Form
				action={paths.giveTemporaryCode.to(profile.profileId)}
				errors={props.errors}
				submit={staff.giveCode}
				beside={cancel}
			>
				<Group name="how" legend={staff.howTold}>
					{waysToTell.map((how) => (
						<Radio key={how} name="how" value={how} label={staff.tellHow[how]} checked={filled.how === how} />
					))}
				</Group>
				<Group name="lives" legend={staff.howLong}>
					{TEMPORARY_CODE_LIVES_MS.map((ms) => (
						<Radio
							key={ms}
							name="lives"
							value={String(ms)}
							label={words.length(ms)}
							checked={String(ms) === lives}
						/>
					))}
				</Group>
				<p class="quiet">{staff.passwordFirst}</p>
				<PasswordAgain label={staffProfiles.yourPassword} hint={staffProfiles.whyPassword} />
			</Form>
		</SignInLayout>
	);
}

/** Shown once, in the answer to the form: nothing of it can be asked for again. */
export function CodeGivenPage(props: {
	profile: Profile;
	hasMethodOn: boolean;
	how: ToldHow;
	code: TemporaryCode;
	until: number;
}) {
	const { words, clinic } = usePage();
	const { staff } = words;
	const { profile, hasMethodOn, how, code, until } = props;
	return (
		<SignInLayout title={staff.codeFor(profile.name)} lead={staff.codeOnce[how]}>
			<div class="code-block">
				<p class="code-label">{words.temporaryCode.label}</p>
				<p class="code-to-tell notranslate">{code.reveal()}</p>
			</div>
			<p>{staff.codeUntil(words.date(until, clinic.timeZone), words.time(until, clinic.timeZone))}</p>
			{how === "by-phone" && <CallNotice profile={profile} />}
			<p>{staff.howUsed(hasMethodOn)}</p>
			<div class="buttons">
				<ButtonLink href={`${paths.colleague.to(profile.profileId)}?notice=code-told`} kind="primary">
					{staff.told}
				</ButtonLink>
			</div>
		</SignInLayout>
	);
}

/** Which number is theirs: for a week after a change the one before it. */
function CallNotice({ profile }: { profile: Profile }) {
	const { words, now } = usePage();
	const { staff } = words;
	const { number, isEarlier } = numberToCall(profile, now);
	return (
		<Notice kind={isEarlier ? "warning" : "info"}>
			{number === null ? (
				<p>{isEarlier ? staff.newNumber : staff.noNumber}</p>
			) : (
				<p>
					{isEarlier ? staff.callBefore : staff.call} <CallLink number={number} />.{" "}
					{isEarlier && staff.numberChanged}
				</p>
			)}
		</Notice>
	);
}
