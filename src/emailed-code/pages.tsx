import type { MessageState } from "../delivery/store.ts";
import { paths } from "../paths.ts";
import {
	ButtonLink,
	CodeField,
	type FieldError,
	Form,
	Links,
	Notice,
	PostButton,
	WaitInstead,
} from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { maskEmail } from "./masked-email.rule.ts";

/** The newest code that still works, and what became of the email that carries it. */
export type LiveCode = { madeAt: number; expiresAt: number; message: MessageState | undefined };

/** Whether one more code may be emailed. `until` is epoch milliseconds. */
export type Resend = { kind: "go" } | { kind: "wait"; until: number };

/**
 * Before a forced set-up, and while a reset is pending: who has only the password comes no further.
 *
 * @param props.live undefined while there is no code to enter
 */
export function EmailedCodePage(props: {
	email: string;
	live: LiveCode | undefined;
	resend: Resend;
	/** After too many wrong codes none is asked for until then, epoch milliseconds. */
	waitUntil: number | undefined;
	/** Whether a temporary code waits that would do in its place. */
	hasTemporaryCode: boolean;
	isResetPending: boolean;
	errors: FieldError[];
}) {
	const { words, clinic, now, endsAt } = usePage();
	const { emailedCode, secondStep } = words;
	const { live, resend, waitUntil, errors, isResetPending, hasTemporaryCode } = props;
	const to = maskEmail(props.email);
	const otherWays = (
		<>
			{isResetPending && !hasTemporaryCode && <p class="quiet">{emailedCode.notTheMailbox}</p>}
			<OtherWays
				hasTemporaryCode={hasTemporaryCode}
				help={live ? emailedCode.notReceiving : secondStep.lockedOut}
			/>
		</>
	);
	if (waitUntil !== undefined) {
		// With a reset pending a new password by the mailbox is no way round the wait.
		const sentence = isResetPending ? emailedCode.waitAfterReset : emailedCode.wait;
		const isOverByThen = endsAt !== undefined && endsAt <= waitUntil;
		return (
			<SignInLayout title={emailedCode.enterTitle}>
				<WaitInstead sentence={sentence(waitUntil, now, clinic.timeZone, isOverByThen)} errors={errors} />
				<OtherWays hasTemporaryCode={hasTemporaryCode} help={secondStep.lockedOut} />
			</SignInLayout>
		);
	}
	if (!live) {
		return (
			<SignInLayout
				title={emailedCode.title}
				lead={isResetPending ? emailedCode.leadAfterReset : emailedCode.lead(clinic.name)}
			>
				{resend.kind === "go" ? (
					<>
						<p>{emailedCode.goesTo(to)}</p>
						<Form action={paths.sendEmailedCode} errors={errors} submit={emailedCode.send} />
					</>
				) : (
					<WaitToResend until={resend.until} />
				)}
				{otherWays}
			</SignInLayout>
		);
	}
	return (
		<SignInLayout
			title={emailedCode.enterTitle}
			lead={isResetPending ? emailedCode.enterLeadAfterReset : emailedCode.enterLead}
		>
			<div id="message-state" data-live>
				<EmailState to={to} live={live} />
			</div>
			<Form action={paths.emailedCode} errors={errors} submit={secondStep.submit}>
				<CodeField
					label={secondStep.verificationCode}
					hint={emailedCode.codeHint}
					autofocus={errors.length === 0}
				/>
			</Form>
			<div id="resend" data-live>
				{resend.kind === "go" ? (
					<PostButton action={paths.sendEmailedCode} label={emailedCode.resend} />
				) : (
					<WaitToResend until={resend.until} />
				)}
			</div>
			{otherWays}
		</SignInLayout>
	);
}

/** A reset is pending and the mailbox has been one of the doors: it cannot be the other one too. */
export function OnlyTemporaryCodePage({ why }: { why: "password-by-link" | "email-changed" }) {
	const { words, supportEmail } = usePage();
	const { emailedCode, secondStep } = words;
	return (
		<SignInLayout title={emailedCode.onlyTemporaryTitle} lead={emailedCode.onlyTemporary(why, supportEmail)}>
			<p class="quiet">{emailedCode.whyNotByEmail[why]}</p>
			<div class="buttons">
				<ButtonLink href={paths.signInTemporaryCode} kind="primary">
					{secondStep.ways["temporary-code"].choose}
				</ButtonLink>
			</div>
			<OtherWays hasTemporaryCode={false} help={secondStep.lockedOut} />
		</SignInLayout>
	);
}

function EmailState({ to, live }: { to: string; live: LiveCode }) {
	const { words, clinic } = usePage();
	const { states } = words.emailedCode;
	const at = words.time(live.madeAt, clinic.timeZone);
	const until = words.time(live.expiresAt, clinic.timeZone);
	switch (live.message?.state) {
		case "waiting":
			return <Notice kind="info">{states.waiting(to, until)}</Notice>;
		case "failed":
		case "dropped":
			return <Notice kind="warning">{states.failed(to)}</Notice>;
		default:
			return <Notice kind="info">{states.sent(to, at, until)}</Notice>;
	}
}

function WaitToResend({ until }: { until: number }) {
	const { words, clinic, now } = usePage();
	return <p class="quiet">{words.emailedCode.waitToResend(until, now, clinic.timeZone)}</p>;
}

function OtherWays({ hasTemporaryCode, help }: { hasTemporaryCode: boolean; help: string }) {
	const { secondStep } = useWords();
	return (
		<Links>
			{hasTemporaryCode && <a href={paths.signInTemporaryCode}>{secondStep.ways["temporary-code"].choose}</a>}
			<a href={paths.signInHelp}>{help}</a>
			<PostButton action={paths.cancelSignIn} label={secondStep.cancel} kind="link" />
		</Links>
	);
}
