import type { VNode } from "preact";
import { AppList } from "../authenticator-app/app-list.tsx";
import { paths } from "../paths.ts";
import { ButtonLink, Links, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { Words } from "../words/words.ts";
import type { Helped } from "./who-is-helped.ts";

/** One thing to try, and where it is tried. */
type Advice = { title: string; text: string; next?: VNode | undefined };

/** Locked out: what can work, in the order to try it; before the password what fits each problem. */
export function HelpPage({ helped }: { helped: Helped }) {
	const { words, supportEmail, reader } = usePage();
	const { help } = words;
	const isKnown = helped.kind !== "anybody";
	const back = reader ? { path: paths.account, label: help.backToAccount } : wayBack(helped, words);
	const advice = [...adviceFor(helped, help), operatorAdvice(supportEmail, help)];
	const title = reader ? help.titleSignedIn : help.title;
	return (
		<SignInLayout title={title} lead={isKnown ? help.leadAfterPassword : <LeadForAnybody />}>
			{isKnown ? (
				<ol class="steps">
					{advice.map(({ title, text, next }) => (
						<li key={title}>
							<div>
								<h2>{title}</h2>
								<p>{text}</p>
								{next}
							</div>
						</li>
					))}
				</ol>
			) : (
				<ul class="rows">
					{advice.map(({ title, text, next }) => (
						<li key={title}>
							<div>
								<h2>{title}</h2>
								<p>{text}</p>
							</div>
							{next && <div class="row-actions">{next}</div>}
						</li>
					))}
				</ul>
			)}
			<details>
				<summary>{help.apps}</summary>
				<AppList />
			</details>
			<Links>
				<a href={back.path}>{back.label}</a>
			</Links>
		</SignInLayout>
	);
}

function LeadForAnybody() {
	const { words, reader } = usePage();
	const { help, layout } = words;
	if (!reader) return help.lead;
	return (
		<>
			{help.leadSignedIn}
			{reader.access === "full" && (
				<>
					{" "}
					{help.toHelpColleague} <a href={paths.staff}>{layout.staff}</a>.
				</>
			)}
		</>
	);
}

function wayBack({ kind }: Helped, { help }: Words): { path: string; label: string } {
	switch (kind) {
		case "anybody":
			return { path: paths.signIn, label: help.backToSignIn };
		case "second-step":
			return { path: paths.verify, label: help.back };
		case "emailed-code":
			return { path: paths.emailedCode, label: help.back };
		case "set-up":
			return { path: paths.signInSetUp, label: help.backToSetUp };
	}
}

/** The contact of last resort. */
function operatorAdvice(supportEmail: string, { operator }: Words["help"]): Advice {
	const subject = new URLSearchParams({ subject: operator.subject }).toString().replaceAll("+", "%20");
	const next = <ButtonLink href={`mailto:${supportEmail}?${subject}`}>{supportEmail}</ButtonLink>;
	return { ...operator, next };
}

function adviceFor(helped: Helped, help: Words["help"]): Advice[] {
	switch (helped.kind) {
		case "anybody":
			return [
				{
					...help.password,
					next: <ButtonLink href={paths.forgotPassword}>{help.password.button}</ButtonLink>,
				},
				help.texts,
				help.emailSpam,
				help.recoveryCode,
				help.app,
				help.elsewhere,
				help.colleague,
			];
		case "second-step":
			return adviceAtTheSecondStep(helped.ways, help);
		case "emailed-code":
			return [
				...(helped.isAsked ? [help.emailSpam] : []),
				...(helped.canSend
					? [
							{
								...help.emailAgain,
								next: <PostButton action={paths.sendEmailedCode} label={help.emailAgain.button} />,
							},
						]
					: []),
				...adviceOfColleague(helped.colleague, help),
			];
		case "set-up":
			return [help.noApp, help.appCode, ...(helped.offersTexts ? [help.spam, help.otherTexts] : [])];
	}
}

function adviceAtTheSecondStep(
	ways: Extract<Helped, { kind: "second-step" }>["ways"],
	help: Words["help"],
): Advice[] {
	const choose = (way: string, label: string) => (
		<PostButton action={paths.anotherWay} label={label} fields={{ way }} />
	);
	const { button } = help.recoveryCode;
	return [
		...(ways.hasTextsThatWork
			? [help.spam, help.otherTexts, { ...help.resend, next: choose("text-message", help.resend.button) }]
			: []),
		...(ways.hasRecoveryCode
			? [
					{
						...help.recoveryCode,
						text: help.recoveryCode.afterPassword,
						next: <ButtonLink href={paths.signInRecoveryCode}>{button}</ButtonLink>,
					},
				]
			: []),
		...(ways.hasAppThatWorks ? [{ ...help.app, next: choose("authenticator-app", help.app.button) }] : []),
		...(ways.signedInElsewhere ? [{ ...help.elsewhere, text: help.elsewhere[ways.signedInElsewhere] }] : []),
		...adviceOfColleague(ways.colleague, help),
	];
}

function adviceOfColleague(
	colleague: Extract<Helped, { kind: "emailed-code" }>["colleague"],
	help: Words["help"],
): Advice[] {
	const { temporaryCode } = help;
	switch (colleague) {
		case "has-given-code":
			return [
				{
					...temporaryCode,
					next: <ButtonLink href={paths.signInTemporaryCode}>{temporaryCode.button}</ButtonLink>,
				},
			];
		case "can-help":
			return [help.colleague];
		case "cannot-help":
			return [];
	}
}
