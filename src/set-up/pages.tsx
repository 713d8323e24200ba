import type { MethodKind } from "../db/tables.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths, setUpStart } from "../paths.ts";
import { maskNumber } from "../text-message/number.rule.ts";
import {
	ButtonLink,
	Checkbox,
	type FieldError,
	Form,
	Group,
	Links,
	Notice,
	PostButton,
	Radio,
} from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

/** The first page of a set-up: the password again. */
export function StartSetUpPage(props: {
	kind: MethodKind;
	isReplacing: boolean;
	isFirst: boolean;
	/** The clinic stopped text messages: they end when the app goes on. */
	endsTexts: boolean;
	asksPassword: boolean;
	errors?: FieldError[];
}) {
	const { account } = useWords();
	const { title, lead } = account[props.isReplacing ? "replacing" : "settingUp"][props.kind];
	return (
		<SignInLayout title={title} lead={lead} step={props.asksPassword ? { at: 1, of: 4 } : undefined}>
			{props.endsTexts && <Notice kind="info">{account.textsEnd}</Notice>}
			<Form action={setUpStart[props.kind]} errors={props.errors} submit={account.next}>
				{props.asksPassword && (
					<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} autofocus={!props.errors} />
				)}
				{!props.isFirst && <Checkbox name="sign-out" label={account.signOutElsewhere} checked />}
			</Form>
			<Links>
				<a href={paths.twoStep}>{account.cancel}</a>
			</Links>
		</SignInLayout>
	);
}

/** After a sign-in with the Recovery Code. */
export function LostPhonePage({
	kinds,
	number,
	offered,
	wasGivenCode,
	ticked = kinds,
	errors,
}: {
	kinds: readonly MethodKind[];
	/** E.164; undefined where text messages are not on. */
	number: string | undefined;
	offered: readonly MethodKind[];
	/** A temporary code was entered, not the Recovery Code. */
	wasGivenCode: boolean;
	ticked?: readonly MethodKind[];
	errors?: FieldError[];
}) {
	const { account, methods } = useWords();
	const keep = (
		<button type="submit" name="answer" value="keep" class="button secondary">
			{account.keepIt}
		</button>
	);
	return (
		<SignInLayout
			title={account.lostTitle}
			lead={wasGivenCode ? account.lostLeadGivenCode : account.lostLead}
		>
			<Form action={paths.lostPhone} errors={errors} submit={account.replaceNow} beside={keep}>
				<Group name="lost" legend={account.whatIsLost}>
					{kinds.map((kind) => (
						<Checkbox
							key={kind}
							name="lost"
							value={kind}
							label={methods[kind]}
							hint={
								kind === "text-message" && number !== undefined
									? account.lostNumber(maskNumber(number))
									: undefined
							}
							checked={ticked.includes(kind)}
						/>
					))}
				</Group>
				{offered.length > 1 && (
					<KindChoice
						legend={account.setUpInstead}
						kinds={offered}
						hintOfTexts={number === undefined ? undefined : account.textsInstead}
					/>
				)}
			</Form>
			<p class="quiet">{wasGivenCode ? account.lostNextGivenCode : account.lostNext}</p>
		</SignInLayout>
	);
}

/** Who has only text messages, where the clinic stopped them: the first page of each session. */
export function AppInsteadPage() {
	const { words, clinic } = usePage();
	const { account } = words;
	return (
		<SignInLayout title={account.appInsteadTitle} lead={account.appInsteadLead(clinic.name)}>
			<p>{account.textsEnd}</p>
			<div class="buttons">
				<ButtonLink href={paths.authenticatorApp} kind="primary">
					{account.appInsteadNow}
				</ButtonLink>
				<PostButton action={paths.appInstead} label={account.notNow} />
			</div>
		</SignInLayout>
	);
}

/** With two methods on: which is asked for first. */
export function ChooseDefaultPage({ kinds }: { kinds: readonly MethodKind[] }) {
	const { account } = useWords();
	return (
		<SignInLayout title={account.whichFirst} lead={account.whichFirstLead}>
			<Form action={paths.makeDefault} submit={account.next}>
				<KindChoice legend={account.askFirst} kinds={kinds} />
			</Form>
		</SignInLayout>
	);
}

/** The authenticator app is recommended, and chosen unless somebody chooses otherwise. */
function KindChoice(props: { legend: string; kinds: readonly MethodKind[]; hintOfTexts?: string }) {
	const { legend, kinds } = props;
	const { account, methods } = useWords();
	return (
		<Group name="kind" legend={legend}>
			{[...kinds].sort().map((kind) => {
				const isRecommended = kind === "authenticator-app";
				const hint = isRecommended ? account.recommended : props.hintOfTexts;
				const checked = isRecommended || kinds.length === 1;
				return (
					<Radio key={kind} name="kind" value={kind} label={methods[kind]} hint={hint} checked={checked} />
				);
			})}
		</Group>
	);
}
