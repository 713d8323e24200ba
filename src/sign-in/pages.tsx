import type { VNode } from "preact";
import { paths, signInThen } from "../paths.ts";
import {
	EmailField,
	type FieldError,
	Form,
	Links,
	Notice,
	noticeNamed,
	PasswordField,
} from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";

/** @param props.notice why this page came up, one of `words.signIn.notices`; anything else says nothing */
export function SignInPage(props: {
	email?: string;
	errors?: FieldError[];
	returnTo: string | undefined;
	notice?: string;
	note?: VNode;
}) {
	const { words, clinic } = usePage();
	const { notices, title, email, submit } = words.signIn;
	const notice = noticeNamed(notices, props.notice ?? "");
	const isFirst = props.email === undefined || props.email === "";
	return (
		<SignInLayout title={title(clinic.name)}>
			{notice && <Notice kind={notice.kind}>{notice.sentence}</Notice>}
			<Form action={signInThen(props.returnTo ?? paths.home)} errors={props.errors} submit={submit}>
				<EmailField name="email" label={email} value={props.email} autofocus={isFirst && !props.errors} />
				<PasswordField name="password" label={words.passwords.password} />
			</Form>
			<Links>
				<a href={paths.forgotPassword}>{words.passwords.forgot}</a>
			</Links>
			{props.note}
		</SignInLayout>
	);
}
