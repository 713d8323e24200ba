import type { ComponentChildren } from "preact";
import { paths } from "../paths.ts";
import type { RecoveryCode } from "../recovery-code/store.ts";
import { ButtonLink, Notice } from "../web/controls.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

/** There is none, or **Done** was never reached. @param children the way to a new one, where the page has none below */
export function RecoveryCodeWarning({
	code,
	children,
}: {
	code: RecoveryCode | undefined;
	children?: ComponentChildren;
}) {
	const { account } = useWords();
	if (code && code.savedAt !== null) return null;
	return (
		<Notice kind="warning">
			<p>{code ? account.notSaved : account.noRecoveryCode}</p>
			{children}
		</Notice>
	);
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
