import type { MethodKind } from "../db/tables.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths, setUpStart } from "../paths.ts";
import { ButtonLink, Checkbox, type FieldError, Form, HeadsUp, Notice } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { WhoChangesTheRule } from "./who-changes-the-rule.tsx";

/** @param props.trustedUntil until when this browser asks for no code; undefined where it does */
export function TurnOffPage(props: {
	kind: MethodKind;
	isLast: boolean;
	trustedUntil: number | undefined;
	errors?: FieldError[];
}) {
	const { account, methods } = useWords();
	const cancel = <ButtonLink href={paths.twoStep}>{account.keepItOn}</ButtonLink>;
	return (
		<SignInLayout title={account.turnOffTitle(methods[props.kind])}>
			<TrustInstead until={props.trustedUntil} />
			<HeadsUp>
				<p>{account.turnOffHeadsUp}</p>
				<p>{props.isLast ? account.turnOffLast : account.turnOffOther}</p>
			</HeadsUp>
			<Form
				action={paths.turnOff.to(props.kind)}
				errors={props.errors}
				submit={account.turnOff}
				submitKind="danger"
				beside={cancel}
			>
				<PasswordAgain label={account.passwordAgain} />
				<Checkbox name="sign-out" label={account.signOutElsewhere} checked />
			</Form>
		</SignInLayout>
	);
}

/** What is often wanted by somebody who turns it off: not to be asked so often. */
function TrustInstead({ until }: { until: number | undefined }) {
	const { words, clinic } = usePage();
	const { account } = words;
	if (!clinic.rule.allowsTrust) {
		return (
			<Notice kind="info">
				<p>{account.trustNotAllowed(clinic.name)}</p>
				<WhoChangesTheRule />
			</Notice>
		);
	}
	return (
		<Notice kind="info" title={account.trustInsteadTitle}>
			<p>
				{until === undefined
					? account.trustInstead
					: account.isTrustedUntil(words.date(until, clinic.timeZone))}
			</p>
			<p>{account.trustIsForgotten}</p>
		</Notice>
	);
}

/**
 * The clinic requires 2-Step Verification, and this is the last method.
 *
 * @param props.since ISO
 * @param props.offered what can be set up here
 */
export function OnlyReplacePage(props: { kind: MethodKind; since: string; offered: readonly MethodKind[] }) {
	const { words, clinic } = usePage();
	const { account, methods } = words;
	const { kind, offered } = props;
	const canReplace = offered.includes(kind);
	const next = canReplace ? kind : "authenticator-app";
	return (
		<SignInLayout
			title={account.onlyReplaceTitle(methods[kind])}
			lead={account.onlyReplace(clinic.name, words.day(props.since))}
		>
			<WhoChangesTheRule />
			<div class="buttons">
				<ButtonLink href={setUpStart[next]} kind="primary">
					{canReplace ? account.replace : account.settingUp[next].title}
				</ButtonLink>
				<ButtonLink href={paths.twoStep}>{account.keepItOn}</ButtonLink>
			</div>
		</SignInLayout>
	);
}
