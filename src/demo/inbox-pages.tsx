import type { DemoInboxRow } from "../db/tables.ts";
import { paths } from "../paths.ts";
import { ButtonLink, Links } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { withOwnLinks } from "./own-links.rule.ts";

/**
 * Every message of the demo, the newest first and open.
 *
 * @param recipient whose messages alone are shown; undefined for everybody's
 */
export function InboxPage({
	messages,
	recipients,
	recipient,
}: {
	messages: DemoInboxRow[];
	recipients: string[];
	recipient: string | undefined;
}) {
	const { demoInbox } = useWords();
	return (
		<SignInLayout title={demoInbox.title} lead={demoInbox.lead}>
			{recipients.length > 1 && <WhoseMessages recipients={recipients} recipient={recipient} />}
			{messages.length === 0 ? (
				<p>{recipient === undefined ? demoInbox.empty : demoInbox.emptyFor(recipient)}</p>
			) : (
				<ul class="messages">
					{messages.map((message, index) => (
						<li key={message.message_id}>
							<Message message={message} isOpen={index === 0} />
						</li>
					))}
				</ul>
			)}
			<div class="buttons">
				<ButtonLink href={inboxOf(recipient)}>{demoInbox.refresh}</ButtonLink>
			</div>
			<Links>
				<a href={paths.signIn}>{demoInbox.signIn}</a>
			</Links>
		</SignInLayout>
	);
}

function WhoseMessages({ recipients, recipient }: { recipients: string[]; recipient: string | undefined }) {
	const { demoInbox } = useWords();
	return (
		<nav class="menu of-people" aria-label={demoInbox.whose}>
			<ul>
				{[undefined, ...recipients].map((whose) => (
					<li key={whose ?? ""}>
						<a href={inboxOf(whose)} aria-current={whose === recipient ? "page" : undefined}>
							{whose ?? demoInbox.everybody}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

function Message({ message, isOpen }: { message: DemoInboxRow; isOpen: boolean }) {
	const { words, clinic } = usePage();
	const { demoInbox } = words;
	const at = message.received_at;
	return (
		<details open={isOpen}>
			<summary>
				<span>
					{message.subject} <span class="quiet">{demoInbox.to(message.recipient)}</span>
				</span>
			</summary>
			<p class="hint">
				{demoInbox[message.channel]} {demoInbox.to(message.recipient)},{" "}
				<time dateTime={new Date(at).toISOString()}>
					{demoInbox.at(words.date(at, clinic.timeZone), words.time(at, clinic.timeZone))}
				</time>
			</p>
			{message.body.split("\n\n").map((paragraph, index) => (
				<p key={index} class="message-text">
					<TextWithLinks text={paragraph} />
				</p>
			))}
		</details>
	);
}

function TextWithLinks({ text }: { text: string }) {
	const { origin } = usePage();
	return (
		<>
			{withOwnLinks(text, origin).map((stretch) =>
				stretch.kind === "link" ? (
					<a key={stretch.text} href={stretch.text}>
						{stretch.text}
					</a>
				) : (
					stretch.text
				),
			)}
		</>
	);
}

function inboxOf(recipient: string | undefined): string {
	return recipient === undefined
		? paths.demoInbox
		: `${paths.demoInbox}?${new URLSearchParams({ to: recipient })}`;
}
