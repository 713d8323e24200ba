import { Notice } from "../web/controls.tsx";
import { usePage } from "../web/page-frame.tsx";

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
