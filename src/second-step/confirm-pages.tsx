import type { MethodKind } from "../db/tables.ts";
import { confirmThen, paths } from "../paths.ts";
import { maskNumber } from "../text-message/number.rule.ts";
import { MessageNotice, ResendButton } from "../text-message/pages.tsx";
import {
	ButtonLink,
	CodeField,
	type FieldError,
	Form,
	Links,
	Notice,
	PostButton,
	RecoveryCodeField,
} from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";
import type { TextedCode } from "./texted-code.ts";
import type { Way } from "./ways.rule.ts";

/**
 * *Asking again*, its code half.
 *
 * @param props.asked the method whose code is asked for; undefined where none takes codes
 * @param props.text where it is text messages
 * @param props.ways all that can work now
 * @param props.wait until when no code of a method is looked at; undefined where one is, or where it is said already
 */
export function ConfirmPage(props: {
	asked: MethodKind | undefined;
	text: TextedCode | undefined;
	ways: readonly Way[];
	wait: string | undefined;
	returnTo: string;
	errors: FieldError[];
}) {
	const { confirm } = useWords();
	const { asked, text, wait, errors, returnTo } = props;
	const others = props.ways.filter((way) => way !== asked);
	return (
		<SignInLayout title={confirm.title} lead={confirm.lead}>
			{wait !== undefined && <Notice kind="wait">{wait}</Notice>}
			{asked === undefined && <NoMethodTakesCodes {...{ others, returnTo }} />}
			{asked === "authenticator-app" && <CodeForm action={paths.confirm} {...{ returnTo, errors }} />}
			{text && <TextedCodeForm {...{ text, returnTo, errors }} />}
			{asked !== undefined && others.length > 0 && <OtherWays ways={others} returnTo={returnTo} />}
			<Links>
				<a href={leavePathOf(returnTo)}>{confirm.cancel}</a>
			</Links>
		</SignInLayout>
	);
}

function CodeForm({ action, ...props }: { action: string; returnTo: string; errors: FieldError[] }) {
	const { secondStep, confirm } = useWords();
	const { errors } = props;
	return (
		<Form action={confirmThen(props.returnTo, action)} errors={errors} submit={secondStep.submit}>
			<CodeField
				label={secondStep.verificationCode}
				hint={action === paths.confirm ? confirm.whereAppCodeIs : undefined}
				autofocus={errors.length === 0}
			/>
		</Form>
	);
}

/** The code is sent only when it is asked for. */
function TextedCodeForm(props: { text: TextedCode; returnTo: string; errors: FieldError[] }) {
	const { confirm, secondStep } = useWords();
	const { text, returnTo, errors } = props;
	const number = maskNumber(text.number);
	const send = confirmThen(returnTo, paths.textConfirmCode);
	if (text.sentAt === undefined) {
		return (
			<Form action={send} errors={errors} submit={secondStep.ways["text-message"].choose}>
				<p>{confirm.willText(number)}</p>
			</Form>
		);
	}
	return (
		<>
			<p>{confirm.texted(number)}</p>
			<MessageNotice message={text.message} sentAt={text.sentAt} during="sign-in" />
			<div data-texted>
				<CodeForm action={paths.confirmByText} {...{ returnTo, errors }} />
			</div>
			<ResendButton action={send} resend={text.resend} />
		</>
	);
}

function OtherWays({ ways, returnTo }: { ways: readonly Way[]; returnTo: string }) {
	const { secondStep } = useWords();
	return (
		<section aria-labelledby="other-ways">
			<h2 id="other-ways">{secondStep.tryAnotherWay}</h2>
			<Links>
				{ways.map((way) => (
					<OtherWay key={way} {...{ way, returnTo }} />
				))}
			</Links>
		</section>
	);
}

function OtherWay({ way, returnTo }: { way: Way; returnTo: string }) {
	const { secondStep } = useWords();
	switch (way) {
		case "authenticator-app":
			return (
				<a href={`${confirmThen(returnTo)}&${new URLSearchParams({ with: way })}`}>
					{secondStep.ways[way].choose}
				</a>
			);
		case "text-message":
			return (
				<PostButton
					action={confirmThen(returnTo, paths.textConfirmCode)}
					label={secondStep.ways[way].choose}
					kind="link"
				/>
			);
		case "recovery-code":
			return <a href={confirmThen(returnTo, paths.confirmByRecoveryCode)}>{secondStep.useRecoveryCode}</a>;
	}
}

/** They are blocked, or the server sends no texts any more: they still count as on. */
function NoMethodTakesCodes({ others, returnTo }: { others: readonly Way[]; returnTo: string }) {
	const { confirm, secondStep } = useWords();
	const hasRecoveryCode = others.includes("recovery-code");
	return (
		<>
			<Notice kind="warning">{hasRecoveryCode ? confirm.onlyRecoveryCode : confirm.nothingWorks}</Notice>
			<div class="buttons">
				{hasRecoveryCode ? (
					<ButtonLink href={confirmThen(returnTo, paths.confirmByRecoveryCode)} kind="primary">
						{secondStep.useRecoveryCode}
					</ButtonLink>
				) : (
					<ButtonLink href={paths.signInHelp} kind="primary">
						{secondStep.lockedOut}
					</ButtonLink>
				)}
			</div>
		</>
	);
}

export function ConfirmByRecoveryCodePage({
	returnTo,
	errors = [],
}: {
	returnTo: string;
	errors?: FieldError[];
}) {
	const { confirm, secondStep } = useWords();
	return (
		<SignInLayout title={secondStep.recoveryCodeTitle} lead={secondStep.recoveryCodeLead}>
			<Form
				action={confirmThen(returnTo, paths.confirmByRecoveryCode)}
				errors={errors}
				submit={secondStep.submit}
			>
				<RecoveryCodeField autofocus={errors.length === 0} />
			</Form>
			<Links>
				<a href={confirmThen(returnTo)}>{secondStep.tryAnotherWay}</a>
				<a href={leavePathOf(returnTo)}>{confirm.cancel}</a>
			</Links>
		</SignInLayout>
	);
}

/** Where whoever enters no code is led: to the page around the one that was asked for. */
function leavePathOf(returnTo: string): string {
	const around = [paths.twoStep, paths.security].find((path) => returnTo.startsWith(path));
	return around ?? paths.account;
}
