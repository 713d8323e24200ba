import type { MethodKind } from "../db/tables.ts";
import { paths } from "../paths.ts";
import { Checkbox, type FieldError, Form, Group, Links, PasswordField } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

/** The first page of a set-up: the password again. */
export function StartSetUpPage(props: {
	isReplacing: boolean;
	asksPassword: boolean;
	errors?: FieldError[];
}) {
	const { account } = useWords();
	const { reader } = usePage();
	const title = props.isReplacing ? account.replaceAppTitle : account.setUpAppTitle;
	return (
		<SignInLayout
			title={title}
			lead={props.isReplacing ? account.replaceAppLead : account.setUpAppLead}
			step={props.asksPassword ? { at: 1, of: 4 } : undefined}
		>
			<Form action={paths.authenticatorApp} errors={props.errors} submit={account.next}>
				{props.asksPassword && (
					<PasswordField
						name="password"
						label={account.passwordAgain}
						hint={account.whyPassword}
						username={reader?.email}
					/>
				)}
				{props.isReplacing && <Checkbox name="sign-out" label={account.signOutElsewhere} checked />}
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
	ticked = kinds,
	errors,
}: {
	kinds: readonly MethodKind[];
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
		<SignInLayout title={account.lostTitle} lead={account.lostLead}>
			<Form action={paths.lostPhone} errors={errors} submit={account.replaceNow} beside={keep}>
				<Group name="lost" legend={account.whatIsLost}>
					{kinds.map((kind) => (
						<Checkbox
							key={kind}
							name="lost"
							value={kind}
							label={methods[kind]}
							checked={ticked.includes(kind)}
						/>
					))}
				</Group>
			</Form>
			<p class="quiet">{account.lostNext}</p>
		</SignInLayout>
	);
}
