import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { ButtonLink, type FieldError, Form, HeadsUp } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";

export function DeactivatePage({ profile, errors }: { profile: Profile; errors?: FieldError[] }) {
	const { words, clinic } = usePage();
	const { staffProfiles } = words;
	const { name, profileId, access } = profile;
	return (
		<SignInLayout
			title={staffProfiles.deactivateTitle(name)}
			lead={staffProfiles.deactivateLead(clinic.name)}
		>
			<HeadsUp>
				{staffProfiles.deactivateDoes.map((sentence) => (
					<p key={sentence}>{sentence}</p>
				))}
				{access === "full" && <p>{staffProfiles.deactivateEndsCodes}</p>}
			</HeadsUp>
			<Form
				action={paths.deactivateColleague.to(profileId)}
				errors={errors}
				submit={staffProfiles.deactivate}
				submitKind="danger"
				beside={<ButtonLink href={paths.colleague.to(profileId)}>{staffProfiles.keepActive}</ButtonLink>}
			>
				<PasswordAgain label={staffProfiles.yourPassword} hint={staffProfiles.whyPassword} />
			</Form>
		</SignInLayout>
	);
}

/** @param props.hasPassword else they are sent a link to set one */
export function ReactivatePage(props: { profile: Profile; hasPassword: boolean; errors?: FieldError[] }) {
	const { words } = usePage();
	const { staffProfiles, account } = words;
	const { name, profileId, access } = props.profile;
	const lead = staffProfiles.reactivateLead(account.accessLevels[access], props.hasPassword);
	return (
		<SignInLayout title={staffProfiles.reactivateTitle(name)} lead={lead}>
			<Form
				action={paths.reactivateColleague.to(profileId)}
				errors={props.errors}
				submit={staffProfiles.reactivate}
				beside={<ButtonLink href={paths.colleague.to(profileId)}>{account.cancel}</ButtonLink>}
			>
				<PasswordAgain
					label={staffProfiles.yourPassword}
					hint={staffProfiles.whyPassword}
					autofocus={!props.errors}
				/>
			</Form>
		</SignInLayout>
	);
}
