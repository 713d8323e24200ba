import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Showing } from "../recovery-code/showing.rule.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { ButtonLink, FactList, type FieldError, Form, Links, Notice } from "../web/controls.tsx";
import { AccountLayout, SignInLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";
import { AppInsteadNotice, RecoveryCodeWarning } from "./notices.tsx";

export function AccountPage(props: {
	profile: Profile;
	isOn: boolean;
	/** All that is on are texts, and the clinic stopped them. */
	hasOnlyStoppedTexts: boolean;
	recoveryCode: Showing;
}) {
	const { profile, isOn } = props;
	const { account, layout, product } = useWords();
	return (
		<AccountLayout title={layout.myAccount} current="account">
			{!isOn && (
				<Notice kind="info" title={account.offTitle}>
					<p>{account.offWhy}</p>
					<p>
						<ButtonLink href={paths.authenticatorApp} kind="primary">
							{account.setUpNow}
						</ButtonLink>
					</p>
				</Notice>
			)}
			{props.hasOnlyStoppedTexts && <AppInsteadNotice />}
			{isOn && (
				<RecoveryCodeWarning code={props.recoveryCode}>
					<p>
						<a href={paths.newRecoveryCode}>{account.getNewCode}</a>
					</p>
				</RecoveryCodeWarning>
			)}
			<FactList
				facts={[
					{ label: account.name, value: profile.name },
					{ label: account.email, value: profile.email },
					{
						label: account.mobile,
						value: profile.mobile === null ? account.noMobile : prettyNumber(profile.mobile),
					},
					{ label: account.access, value: account.accessLevels[profile.access] },
					{ label: layout.profile, value: <a href={paths.profile}>{account.changeProfile}</a> },
					{ label: product, value: <a href={paths.twoStep}>{isOn ? account.on : account.off}</a> },
					{ label: layout.password, value: <a href={paths.password}>{account.changePassword}</a> },
				]}
			/>
		</AccountLayout>
	);
}

export function NewRecoveryCodePage({ hasOne, errors }: { hasOne: boolean; errors?: FieldError[] }) {
	const { account } = useWords();
	return (
		<SignInLayout title={account.getNewCode} lead={hasOne ? account.newCodeEnds : account.newCodeLead}>
			<Form action={paths.newRecoveryCode} errors={errors} submit={account.next}>
				<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} autofocus={!errors} />
			</Form>
			<Links>
				<a href={paths.twoStep}>{account.cancel}</a>
			</Links>
		</SignInLayout>
	);
}
