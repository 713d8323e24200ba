import { PasswordField } from "../web/controls.tsx";
import { usePage } from "../web/page-frame.tsx";

/** The password half of *Asking again*, in the form of what it stands before; `askAgain` reads it. */
export function PasswordAgain(props: { label: string; hint?: string; autofocus?: boolean }) {
	const { reader } = usePage();
	return <PasswordField {...props} name="password" username={reader?.email} />;
}
