import { paths } from "../paths.ts";
import { ButtonLink, Form } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";

export function SignOutPage() {
	const { words, clinic } = usePage();
	const stay = <ButtonLink href={paths.home}>{words.sessions.stay}</ButtonLink>;
	return (
		<SignInLayout title={words.sessions.signOutTitle(clinic.name)}>
			<Form action={paths.signOut} submit={words.sessions.signOut} beside={stay} />
		</SignInLayout>
	);
}
