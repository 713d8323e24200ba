import type { ComponentChildren } from "preact";
import { paths } from "../paths.ts";
import type { Showing } from "../recovery-code/showing.rule.ts";
import { ButtonLink, Notice } from "../web/controls.tsx";
import { usePage } from "../web/page-frame.tsx";

/**
 * There is none, or **Done** was never reached: the way back to the code for as long as it can be shown here.
 *
 * @param children the way to a new one, where the page has none below
 */
export function RecoveryCodeWarning({ code, children }: { code: Showing; children?: ComponentChildren }) {
	const { words, clinic } = usePage();
	const { account } = words;
	switch (code.kind) {
		case "code":
			return (
				<Notice kind="warning">
					<p>{account.notSavedYet(words.time(code.until, clinic.timeZone))}</p>
					<p>
						<a href={paths.recoveryCode}>{account.showCode}</a>
					</p>
				</Notice>
			);
		case "hidden":
			if (code.savedAt !== null) return null;
			return (
				<Notice kind="warning">
					<p>{account.notSaved}</p>
					{children}
				</Notice>
			);
		case "none":
			return (
				<Notice kind="warning">
					<p>{account.noRecoveryCode}</p>
					{children}
				</Notice>
			);
	}
}

/** For who has only text messages, where the clinic stopped them. */
export function AppInsteadNotice() {
	const { words, clinic } = usePage();
	const { account } = words;
	return (
		<Notice kind="warning" title={account.appInsteadTitle}>
			<p>{account.appInsteadLead(clinic.name)}</p>
			<p>{account.textsEnd}</p>
			<p>
				<ButtonLink href={paths.authenticatorApp} kind="primary">
					{account.appInsteadNow}
				</ButtonLink>
			</p>
		</Notice>
	);
}
