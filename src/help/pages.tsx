import type { VNode } from "preact";
import { AppList } from "../authenticator-app/app-list.tsx";
import { paths } from "../paths.ts";
import { ButtonLink, Links, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { WaysBack } from "./routes.tsx";

/**
 * Locked out: what can work, in the order to try it.
 *
 * @param ways what this person has; undefined before the password, when everything is said in general
 */
export function HelpPage({ ways }: { ways: WaysBack | undefined }) {
	const { words, supportEmail, reader } = usePage();
	const { help, signIn } = words;
	const steps: { title: string; text: string; next?: VNode }[] = [];
	if (!ways)
		steps.push({
			...help.password,
			next: <ButtonLink href={paths.forgotPassword}>{help.password.button}</ButtonLink>,
		});
	if (!ways || ways.hasTextsThatWork) {
		steps.push(help.spam, help.otherTexts);
		const next = ways && (
			<PostButton action={paths.anotherWay} label={help.resend.button} fields={{ way: "text-message" }} />
		);
		steps.push({ ...help.resend, next });
	}
	if (!ways || ways.hasRecoveryCode) {
		const next = ways && <ButtonLink href={paths.signInRecoveryCode}>{help.recoveryCode.button}</ButtonLink>;
		steps.push({ ...help.recoveryCode, next });
	}
	if (!ways || ways.hasAppThatWorks) {
		const next = ways && (
			<PostButton action={paths.anotherWay} label={help.app.button} fields={{ way: "authenticator-app" }} />
		);
		steps.push({ ...help.app, next });
	}
	if (!ways || ways.isSignedInElsewhere) steps.push(help.elsewhere);
	const subject = new URLSearchParams({ subject: help.operator.subject }).toString().replaceAll("+", "%20");
	steps.push({
		...help.operator,
		next: <ButtonLink href={`mailto:${supportEmail}?${subject}`}>{supportEmail}</ButtonLink>,
	});
	return (
		<SignInLayout title={help.title} lead={ways ? help.leadAfterPassword : help.lead}>
			<ol class="steps">
				{steps.map(({ title, text, next }) => (
					<li key={title}>
						<div>
							<h2>{title}</h2>
							<p>{text}</p>
							{next}
						</div>
					</li>
				))}
			</ol>
			<Links>
				{ways ? (
					<a href={paths.verify}>{help.back}</a>
				) : (
					!reader && <a href={paths.signIn}>{signIn.submit}</a>
				)}
			</Links>
			<details>
				<summary>{help.apps}</summary>
				<AppList />
			</details>
		</SignInLayout>
	);
}
