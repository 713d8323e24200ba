import { paths } from "../paths.ts";
import { maskNumber } from "../text-message/number.rule.ts";
import { MessageNotice, ResendButton } from "../text-message/pages.tsx";
import {
	ButtonLink,
	Checkbox,
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
 * @param props.text undefined asks for the code of the authenticator app
 * @param props.wait until when no code is looked at, and what works meanwhile; undefined where one may be entered
 * @param props.trust undefined where the clinic does not allow it; never ticked but by the person
 */
export function EnterCodePage(props: {
	text: TextedCode | undefined;
	hasRecoveryCode: boolean;
	trust: { isTicked: boolean } | undefined;
	wait: string | undefined;
	errors: FieldError[];
}) {
	const { secondStep, textMessage } = useWords();
	const { text, trust, wait, errors } = props;
	const title = text ? textMessage.enterCode(maskNumber(text.number)) : secondStep.enterAppCode;
	return (
		<SignInLayout title={title} lead={text ? undefined : secondStep.whereAppCodeIs}>
			{wait === undefined ? (
				text && <MessageNotice message={text.message} sentAt={text.sentAt} during="sign-in" />
			) : (
				<Notice kind="wait">{wait}</Notice>
			)}
			<div data-texted={text ? "" : undefined}>
				<Form
					action={paths.verify}
					errors={errors}
					submit={secondStep.submit}
					beside={text && wait === undefined && <ResendButton resend={text.resend} />}
				>
					<CodeField
						label={secondStep.verificationCode}
						autofocus={errors.length === 0 && wait === undefined}
					/>
					{trust && <Checkbox name="trust" label={secondStep.trust} checked={trust.isTicked} />}
				</Form>
			</div>
			<Links>
				{text && <a href={paths.signInHelp}>{secondStep.notReceiving}</a>}
				<a href={paths.anotherWay}>{secondStep.tryAnotherWay}</a>
				{props.hasRecoveryCode && <a href={paths.signInRecoveryCode}>{secondStep.useRecoveryCode}</a>}
				<CancelButton />
			</Links>
		</SignInLayout>
	);
}

/**
 * Where a code was to be texted and none was, so that there is none to enter.
 *
 * @param props.refusal why none can be texted now; undefined where one can
 * @param props.canAsk whether one can be texted before this sign-in ends
 * @param props.ways what else works
 */
export function NoneTextedPage(props: {
	number: string;
	refusal: string | undefined;
	canAsk: boolean;
	ways: readonly Way[];
}) {
	const { secondStep, textMessage } = useWords();
	const { refusal, canAsk, ways } = props;
	const { title, lead, refused } = textMessage.noneTexted;
	const textMe = (
		<PostButton
			action={paths.anotherWay}
			label={secondStep.ways["text-message"].choose}
			fields={{ way: "text-message" }}
			kind={refusal === undefined ? "primary" : "secondary"}
		/>
	);
	return (
		<SignInLayout
			title={refusal === undefined ? title : refused}
			lead={refusal === undefined ? lead(maskNumber(props.number)) : undefined}
		>
			{refusal === undefined ? (
				<div class="buttons">{textMe}</div>
			) : (
				<Notice kind="warning">{refusal}</Notice>
			)}
			<WayCards ways={ways} />
			{refusal !== undefined && canAsk && <div class="buttons">{textMe}</div>}
			<Links>
				<a href={paths.signInHelp}>{secondStep.lockedOut}</a>
				<CancelButton />
			</Links>
		</SignInLayout>
	);
}

export function EnterRecoveryCodePage({ errors = [] }: { errors?: FieldError[] }) {
	const { secondStep } = useWords();
	return (
		<SignInLayout title={secondStep.recoveryCodeTitle} lead={secondStep.recoveryCodeLead}>
			<Form action={paths.signInRecoveryCode} errors={errors} submit={secondStep.submit}>
				<RecoveryCodeField autofocus={errors.length === 0} />
			</Form>
			<Links>
				<a href={`${paths.anotherWay}?left=recovery-code`}>{secondStep.tryAnotherWay}</a>
				<a href={paths.signInHelp}>{secondStep.lockedOut}</a>
				<CancelButton />
			</Links>
		</SignInLayout>
	);
}

/**
 * Only what this person has and what can work now.
 *
 * @param wait until when the codes of methods are not looked at; undefined where they are
 */
export function AnotherWayPage({
	ways,
	hasBlocked,
	wait,
}: {
	ways: readonly Way[];
	hasBlocked: boolean;
	wait: string | undefined;
}) {
	const { secondStep } = useWords();
	const isNone = ways.length === 0;
	return (
		<SignInLayout
			title={secondStep.anotherWayTitle}
			lead={isNone ? secondStep.noWayLead : secondStep.anotherWayLead}
		>
			{wait !== undefined && <Notice kind="wait">{wait}</Notice>}
			{hasBlocked && <Notice kind="warning">{secondStep.blocked}</Notice>}
			{isNone ? (
				<div class="buttons">
					<ButtonLink href={paths.signInHelp} kind="primary">
						{secondStep.lockedOut}
					</ButtonLink>
				</div>
			) : (
				<WayCards ways={ways} />
			)}
			<Links>
				{!isNone && <a href={paths.signInHelp}>{secondStep.lockedOut}</a>}
				<CancelButton />
			</Links>
		</SignInLayout>
	);
}

function WayCards({ ways }: { ways: readonly Way[] }) {
	const { secondStep } = useWords();
	return (
		<ul class="cards">
			{ways.map((way) => (
				<li class="card" key={way}>
					<h2>{secondStep.ways[way].name}</h2>
					<p>{secondStep.ways[way].what}</p>
					<ChooseWay way={way} />
				</li>
			))}
		</ul>
	);
}

function ChooseWay({ way }: { way: Way }) {
	const { secondStep } = useWords();
	switch (way) {
		case "recovery-code":
			return <ButtonLink href={paths.signInRecoveryCode}>{secondStep.useRecoveryCode}</ButtonLink>;
		case "temporary-code":
			return <ButtonLink href={paths.signInTemporaryCode}>{secondStep.ways[way].choose}</ButtonLink>;
		default:
			return <PostButton action={paths.anotherWay} label={secondStep.ways[way].choose} fields={{ way }} />;
	}
}

/** Ends the sign-in. */
function CancelButton() {
	const { secondStep } = useWords();
	return <PostButton action={paths.cancelSignIn} label={secondStep.cancel} kind="link" />;
}
