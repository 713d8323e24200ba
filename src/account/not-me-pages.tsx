import type { Undone } from "../activity/events.ts";
import { WhatHappened } from "../activity-log/pages.tsx";
import type { ToldEvent } from "../activity-log/read-page.ts";
import { maskEmail } from "../emailed-code/masked-email.rule.ts";
import { paths } from "../paths.ts";
import { ButtonLink, Form, Links, Notice } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { isTold } from "./undo-since.ts";

/**
 * Says what the email was about, and what the button does before it does it.
 *
 * @param props.since when it happened, epoch milliseconds
 */
export function NotMePage(props: { since: number; happened: readonly ToldEvent[]; hasMethodOn: boolean }) {
	const { since, happened, hasMethodOn } = props;
	const { words, clinic, path } = usePage();
	const { notMe } = words;
	const moment = [words.date(since, clinic.timeZone), words.time(since, clinic.timeZone)] as const;
	return (
		<SignInLayout title={notMe.title} lead={notMe.lead(...moment, words.zone(clinic.timeZone), clinic.name)}>
			{happened.length > 0 && (
				<section class="day" aria-labelledby="happened">
					<h2 id="happened">{notMe.happened}</h2>
					<WhatHappened events={happened} />
				</section>
			)}
			<section aria-labelledby="does">
				<h2 id="does">{notMe.does}</h2>
				<ul>
					{notMe.list(hasMethodOn).map((sentence) => (
						<li key={sentence}>{sentence}</li>
					))}
				</ul>
			</section>
			<Form action={path} submit={notMe.submit} />
			<Links>
				<a href={paths.signIn}>{notMe.wasMe}</a>
			</Links>
		</SignInLayout>
	);
}

/** @param props.codeHelp who helps with a code that cannot be entered; undefined where none is asked for */
export function NotMeDonePage(props: {
	linkSentTo: string;
	undone: readonly Undone[];
	codeHelp: "colleague" | "operator" | undefined;
}) {
	const { words, supportEmail } = usePage();
	const { notMe } = words;
	const { linkSentTo, undone, codeHelp } = props;
	const told = notMe.undone(undone.filter(isTold));
	return (
		<SignInLayout title={notMe.doneTitle}>
			<Notice kind="success">{notMe.done(maskEmail(linkSentTo))}</Notice>
			<p>{notMe.doneNext}</p>
			{told.length > 0 && (
				<section aria-labelledby="undone">
					<h2 id="undone">{notMe.afterwards}</h2>
					<ul>
						{told.map((sentence) => (
							<li key={sentence}>{sentence}</li>
						))}
					</ul>
				</section>
			)}
			{codeHelp === "colleague" && <p>{notMe.helpAfterwards}</p>}
			{codeHelp === "operator" && <p>{notMe.helpByOperator(supportEmail)}</p>}
			<Links>
				<a href={paths.forgotPassword}>{notMe.forgot}</a>
				<a href={paths.signIn}>{notMe.signIn}</a>
			</Links>
		</SignInLayout>
	);
}

/** The same for a link that was used, one that has run out and one that never was. */
export function DeadNotMePage() {
	const { notMe } = usePage().words;
	return (
		<SignInLayout title={notMe.deadTitle} lead={notMe.dead}>
			<p>{notMe.deadNext}</p>
			<p>{notMe.deadInNeed}</p>
			<ButtonLink href={paths.forgotPassword} kind="primary">
				{notMe.forgot}
			</ButtonLink>
			<Links>
				<a href={paths.signIn}>{notMe.signIn}</a>
			</Links>
		</SignInLayout>
	);
}
