import type { MessageState } from "../delivery/store.ts";
import type { textSetUpPaths } from "../paths.ts";
import { CodeField, type FieldError, Form, Links, Notice, PhoneField, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import type { Words } from "../words/words.ts";
import { maskNumber, prettyNumber } from "./number.rule.ts";
import type { Resend } from "./resend.rule.ts";

/** The addresses of the set-up, below the place it is mounted at. */
export type TextSetUpPaths = ReturnType<typeof textSetUpPaths>;

/** Where a page of a set-up stands, and where its links lead. */
export type TextSetUpPlace = { step: { at: number; of: number }; paths: TextSetUpPaths; cancelPath: string };

/**
 * @param props.typed the number as it was typed
 * @param props.mobile the staff profile's own, E.164
 * @param props.appPath where the authenticator app is set up instead; undefined where it is on already
 */
export function NumberPage(props: {
	place: TextSetUpPlace;
	typed: string;
	mobile: string | null;
	appPath: string | undefined;
	errors: FieldError[];
}) {
	const { textMessage: words, secondStep } = useWords();
	const { place } = props;
	return (
		<SignInLayout title={words.numberTitle} lead={words.numberLead} step={place.step}>
			<Form action={place.paths.number} errors={props.errors} submit={words.next}>
				<PhoneField
					name="mobile"
					label={words.mobileNumber}
					value={props.typed}
					hint={
						props.mobile === null ? words.becomesProfile : words.changesProfile(prettyNumber(props.mobile))
					}
					autofocus={props.errors.length === 0}
				/>
			</Form>
			<Notice kind="info">
				<p>{words.lessSafe}</p>
				{props.appPath !== undefined && (
					<p>
						<a href={props.appPath}>{words.setUpAppInstead}</a>
					</p>
				)}
			</Notice>
			<Links>
				<a href={place.cancelPath}>{secondStep.cancel}</a>
			</Links>
		</SignInLayout>
	);
}

export function TextCodePage(props: {
	place: TextSetUpPlace;
	setUpId: string;
	number: string;
	message: MessageState | undefined;
	sentAt: number | undefined;
	resend: Resend;
	errors: FieldError[];
}) {
	const { textMessage: words, secondStep } = useWords();
	const { place, errors } = props;
	return (
		<SignInLayout title={words.enterCode(maskNumber(props.number))} step={place.step}>
			<MessageNotice message={props.message} sentAt={props.sentAt} during="set-up" />
			<div data-texted>
				<Form action={place.paths.code} errors={errors} submit={secondStep.submit}>
					<CodeField label={secondStep.verificationCode} autofocus={errors.length === 0} />
					<input type="hidden" name="set-up" value={props.setUpId} />
				</Form>
			</div>
			<ResendButton action={place.paths.resend} resend={props.resend} during="set-up" />
			<Links>
				<a href={place.paths.number}>{words.changeNumber}</a>
				<a href={place.cancelPath}>{secondStep.cancel}</a>
			</Links>
		</SignInLayout>
	);
}

type MessageNews = {
	message: MessageState | undefined;
	sentAt: number | undefined;
	/** A number can be changed in a set-up only. */
	during: "sign-in" | "set-up";
};

/** What has become of the newest message, where the carrier says so, and what to do. It keeps up by itself. */
export function MessageNotice(props: MessageNews) {
	return (
		<div id="message-state" data-live>
			<MessageStateNotice {...props} />
		</div>
	);
}

function MessageStateNotice(props: MessageNews) {
	const { words, clinic } = usePage();
	const { states } = words.textMessage;
	const { message, sentAt, during } = props;
	if (!message || sentAt === undefined) return <Notice kind="warning">{states.none}</Notice>;
	const at = words.time(sentAt, clinic.timeZone);
	switch (message.state) {
		case "waiting":
			return <Notice kind="info">{states.waiting}</Notice>;
		case "sent":
			return <Notice kind="info">{states.sent(at)}</Notice>;
		case "delivered":
			return <Notice kind="success">{states.delivered(at)}</Notice>;
		case "failed":
			return <Notice kind="warning">{whyFailed(message.why, states, during)}</Notice>;
		case "dropped":
			return <Notice kind="warning">{states.dropped}</Notice>;
	}
}

function whyFailed(
	why: MessageState["why"],
	states: Words["textMessage"]["states"],
	during: MessageNews["during"],
): string {
	if (why === "number-cannot-receive") return states.cannotReceive[during];
	return why === "providers" ? states.providers[during] : states.failed;
}

type Resending = { action?: string; resend: Resend; during?: MessageNews["during"] };

/**
 * **Resend code**, or the time from which it may be used.
 *
 * @param props.action without it, it is sent with the form around it, as `resend`, so that what is ticked there stays
 */
export function ResendButton(props: Resending) {
	return (
		<div id="resend" data-live>
			<ResendState {...props} />
		</div>
	);
}

function ResendState({ action, resend, during = "sign-in" }: Resending) {
	const { words, now } = usePage();
	const { textMessage } = words;
	switch (resend.kind) {
		case "go":
			return action === undefined ? (
				<button type="submit" class="button secondary" name="resend" value="yes">
					{textMessage.resend}
				</button>
			) : (
				<PostButton action={action} label={textMessage.resend} />
			);
		case "wait":
			return <p class="quiet">{textMessage.waitToResend(resend.until, now)}</p>;
		case "used-up":
			return <p class="quiet">{textMessage.usedUp[during]}</p>;
	}
}
