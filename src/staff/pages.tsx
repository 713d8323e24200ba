import type { StaffMember } from "../enforcement/store.ts";
import type { Method } from "../methods/store.ts";
import { paths } from "../paths.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import type { MayBeReset } from "../reset/may-be-reset.rule.ts";
import type { TemporaryCode } from "../temporary-code/give-code.ts";
import {
	DEFAULT_LIFE_MS,
	type MayBeGiven,
	TEMPORARY_CODE_LIVES_MS,
} from "../temporary-code/temporary-code.rule.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import {
	ButtonLink,
	FactList,
	type FieldError,
	Form,
	Group,
	Notice,
	PasswordField,
	PostButton,
	Radio,
} from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { Words } from "../words/words.ts";
import type { StaffListPage } from "./list-staff.ts";

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
};

export function StaffListPageView({ list }: { list: StaffListPage }) {
	const { words, clinic } = usePage();
	const { staff } = words;
	return (
		<SignInLayout title={staff.title} lead={staff.lead(clinic.name)}>
			<ul class="rows">
				{list.staff.map((person) => (
					<PersonRow key={person.profileId} person={person} />
				))}
			</ul>
			<p>
				{!list.isFirst && <a href={paths.staff}>{staff.toTheFirst}</a>}{" "}
				{list.next && <a href={list.next}>{staff.next}</a>}
			</p>
		</SignInLayout>
	);
}

function PersonRow({ person }: { person: StaffMember }) {
	const { account, staff } = usePage().words;
	const isOn = person.methods.length > 0;
	return (
		<li>
			<div>
				<h2>
					<a href={paths.colleague.to(person.profileId)}>{person.name}</a>
				</h2>
				<p class="quiet">
					{person.email}. {account.accessLevels[person.access]}.
				</p>
			</div>
			<span class={isOn ? "badge on" : "badge warning"}>{isOn ? account.on : staff.notSetUp}</span>
		</li>
	);
}

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
	const { words, clinic } = usePage();
	const { staff, account, product, reset } = words;
	const { profile, methods, mayBeGiven, mayBeReset } = colleague;
	const moment = (at: number) => `${words.date(at, clinic.timeZone)}, ${words.time(at, clinic.timeZone)}`;
	return (
		<SignInLayout title={profile.name}>
			{notice && <Notice kind="success">{notice}</Notice>}
			{!profile.active && <Notice kind="warning">{staff.isDeactivated}</Notice>}
			{profile.resetPendingAt !== null && (
				<Notice
					kind={isJustReset ? "success" : "warning"}
					title={isJustReset ? reset.isDone : staff.resetPending}
				>
					<p>{whatIsNeeded(colleague, reset)}</p>
				</Notice>
			)}
			<FactList
				facts={[
					{ label: account.email, value: profile.email },
					{ label: account.mobile, value: profile.mobile ? prettyNumber(profile.mobile) : account.noMobile },
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
			{colleague.isOneself ? (
				<p>
					{staff.isYou} <a href={paths.account}>{words.layout.myAccount}</a>
				</p>
			) : (
				<section aria-labelledby="help-them">
					<h2 id="help-them">{staff.helpTitle}</h2>
					{mayBeGiven.kind === "yes" ? (
						<p>{staff.codeWhat}</p>
					) : (
						<p class="quiet">{staff.codeNot[mayBeGiven.kind]}</p>
					)}
					{mayBeReset.kind === "yes" && <p>{reset.what}</p>}
					<div class="buttons">
						{mayBeGiven.kind === "yes" && (
							<ButtonLink href={paths.giveTemporaryCode.to(profile.profileId)} kind="primary">
								{staff.giveCode}
							</ButtonLink>
						)}
						{mayBeReset.kind === "yes" && (
							<ButtonLink href={paths.resetColleague.to(profile.profileId)}>{reset.submit}</ButtonLink>
						)}
						{colleague.sessions > 0 && (
							<PostButton action={paths.signColleagueOut.to(profile.profileId)} label={staff.signOut} />
						)}
					</div>
				</section>
			)}
			<p>
				<a href={paths.staff}>{staff.back}</a>
			</p>
		</SignInLayout>
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

export function GiveCodePage(props: {
	profile: Profile;
	filled: { lives: string; how: string };
	errors?: FieldError[];
}) {
	const { words, reader } = usePage();
	const { staff, account } = words;
	const { profile, filled } = props;
	const cancel = <ButtonLink href={paths.colleague.to(profile.profileId)}>{account.cancel}</ButtonLink>;
	const lives = filled.lives || String(DEFAULT_LIFE_MS);
	return (
		<SignInLayout title={staff.giveCodeTo(profile.name)} lead={staff.giveCodeLead}>
			<CallNotice profile={profile} />
			<Form
				action={paths.giveTemporaryCode.to(profile.profileId)}
				errors={props.errors}
				submit={staff.giveCode}
				beside={cancel}
			>
				<Group name="how" legend={staff.howTold}>
					<Radio name="how" value="in-person" label={staff.inPerson} checked={filled.how === "in-person"} />
					<Radio name="how" value="by-phone" label={staff.byPhone} checked={filled.how === "by-phone"} />
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
				<PasswordField
					name="password"
					label={account.passwordAgain}
					hint={account.whyPassword}
					username={reader?.email}
				/>
			</Form>
		</SignInLayout>
	);
}

/** Shown once, in the answer to the form: nothing of it can be asked for again. */
export function CodeGivenPage(props: { profile: Profile; code: TemporaryCode; until: number }) {
	const { words, clinic } = usePage();
	const { staff } = words;
	const { profile, code, until } = props;
	return (
		<SignInLayout title={staff.codeFor(profile.name)} lead={staff.codeOnce}>
			<p class="code">{code.reveal()}</p>
			<p>{staff.codeUntil(words.date(until, clinic.timeZone), words.time(until, clinic.timeZone))}</p>
			<CallNotice profile={profile} />
			<p>{staff.howUsed}</p>
			<p>
				<ButtonLink href={paths.colleague.to(profile.profileId)} kind="primary">
					{staff.told}
				</ButtonLink>
			</p>
		</SignInLayout>
	);
}

/** Which number is theirs: for a week after a change the one before it. */
function CallNotice({ profile }: { profile: Profile }) {
	const { words, now } = usePage();
	const { staff } = words;
	const { number, isEarlier } = numberToCall(profile, now);
	return (
		<Notice kind="warning">
			{number === null ? staff.noNumber : staff.call(prettyNumber(number))} {isEarlier && staff.numberChanged}
		</Notice>
	);
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
