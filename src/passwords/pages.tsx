import type { PasswordLinkRow } from "../db/tables.ts";
import { paths } from "../paths.ts";
import {
	ButtonLink,
	EmailField,
	type FieldError,
	Form,
	Links,
	Notice,
	PasswordField,
} from "../web/controls.tsx";
import { AccountLayout, SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

export function ForgotPasswordPage({ email, errors }: { email: string; errors?: FieldError[] }) {
	const { passwords } = useWords();
	return (
		<SignInLayout title={passwords.forgotTitle} lead={passwords.forgotLead}>
			<Form action={paths.forgotPassword} errors={errors} submit={passwords.sendLink}>
				<EmailField name="email" label={passwords.email} value={email} autofocus={!errors} />
			</Form>
			<Links>
				<a href={paths.signIn}>{passwords.backToSignIn}</a>
			</Links>
		</SignInLayout>
	);
}

/** The same whether the email belongs to anybody or not. */
export function LinkSentPage({ email }: { email: string }) {
	const { passwords } = useWords();
	return (
		<SignInLayout title={passwords.sentTitle}>
			<p>{passwords.sent(email)}</p>
			<p>{passwords.sentNext}</p>
			<Links>
				<a href={paths.signIn}>{passwords.backToSignIn}</a>
				<a href={paths.forgotPassword}>{passwords.sendAnother}</a>
			</Links>
		</SignInLayout>
	);
}

export function SetPasswordPage(props: {
	kind: PasswordLinkRow["kind"];
	personName: string;
	email: string;
	errors?: FieldError[];
}) {
	const { passwords } = useWords();
	const { path, clinic } = usePage();
	const title = props.kind === "invitation" ? passwords.welcome(clinic.name) : passwords.setTitle;
	return (
		<SignInLayout title={title} lead={passwords.setLead(props.personName, props.email)}>
			<Form action={path} errors={props.errors} submit={passwords.save}>
				<PasswordField
					name="new-password"
					label={passwords.newPassword}
					kind="new"
					username={props.email}
					autofocus={!props.errors}
				/>
			</Form>
		</SignInLayout>
	);
}

/** A link that was used, has run out or was never one; says who can send another. */
export function DeadLinkPage({ kind }: { kind: PasswordLinkRow["kind"] }) {
	const { passwords } = useWords();
	return (
		<SignInLayout title={passwords.deadTitle}>
			<p>{kind === "invitation" ? passwords.deadInvitation : passwords.deadReset}</p>
			<ButtonLink href={paths.forgotPassword} kind="primary">
				{passwords.sendAnother}
			</ButtonLink>
			<Links>
				<a href={paths.signIn}>{passwords.backToSignIn}</a>
			</Links>
		</SignInLayout>
	);
}

export function ChangePasswordPage({
	errors,
	changed = false,
}: {
	errors?: FieldError[];
	changed?: boolean;
}) {
	const { passwords } = useWords();
	const { reader } = usePage();
	return (
		<AccountLayout title={passwords.changeTitle} current="password" lead={passwords.changeLead}>
			{changed && <Notice kind="success">{passwords.changed}</Notice>}
			<Form action={paths.password} errors={errors} submit={passwords.change}>
				<PasswordField name="password" label={passwords.currentPassword} username={reader?.email} />
				<PasswordField name="new-password" label={passwords.newPassword} kind="new" />
			</Form>
			<Links>
				<a href={paths.forgotPassword}>{passwords.forgot}</a>
			</Links>
		</AccountLayout>
	);
}
