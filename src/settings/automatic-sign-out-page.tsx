import { NEW_CLINIC } from "../clinics/clinic.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import { SIGN_OUT_CHOICES_MS } from "../sessions/lifetime.rule.ts";
import { ButtonLink, type FieldError, Form, Group, Radio } from "../web/controls.tsx";
import { SettingsLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";

/** @param props.chosenMs what is ticked; none where it is no choice */
export function AutomaticSignOutPage(props: { chosenMs: number | undefined; errors?: FieldError[] }) {
	const { account, automaticSignOut, enforcement } = useWords();
	const cancel = <ButtonLink href={paths.security}>{enforcement.cancel}</ButtonLink>;
	return (
		<SettingsLayout title={automaticSignOut.title} current="security" lead={automaticSignOut.lead}>
			<Form action={paths.automaticSignOut} errors={props.errors} submit={enforcement.save} beside={cancel}>
				<Group name="sign-out-after" legend={automaticSignOut.after}>
					{SIGN_OUT_CHOICES_MS.map((ms) => (
						<Radio
							key={ms}
							name="sign-out-after"
							value={String(ms)}
							label={automaticSignOut.choice(ms, ms === NEW_CLINIC.signOutAfterMs)}
							checked={ms === props.chosenMs}
						/>
					))}
				</Group>
				<p class="quiet">{automaticSignOut.atMostADay}</p>
				<p class="quiet">{automaticSignOut.longest}</p>
				<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} />
			</Form>
		</SettingsLayout>
	);
}
