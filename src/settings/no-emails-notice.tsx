import type { Deps } from "../deps.ts";
import { Notice } from "../web/controls.tsx";
import { usePage } from "../web/page-frame.tsx";

/** Whether emails leave this server at all; the demo shows them in its inbox. */
export function sendsEmails({ config }: Pick<Deps, "config">): boolean {
	return config.smtpUrl !== undefined || config.demo;
}

/** For who is about to require what people without a method cannot do without an email. */
export function NoEmailsNotice() {
	const { words, clinic } = usePage();
	const { security } = words;
	return (
		<Notice kind="warning" title={security.noEmailsTitle}>
			<p>{security.noEmails(clinic.name)}</p>
		</Notice>
	);
}
