import type { EmailChangeRow } from "../db/tables.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import type { Profile } from "../profiles/profile.ts";
import { prettyNumber } from "../text-message/number.rule.ts";
import { ButtonLink, type FieldError, Form } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { PersonFields } from "./person-fields.tsx";
import type { TypedPerson } from "./person-form.rule.ts";

/** A colleague whose staff profile may be changed. */
export type ToEdit = {
	profile: Profile;
	/** A change of email that waits for its confirmation. */
	waiting: EmailChangeRow | undefined;
	/** Where codes are texted, E.164. */
	texted: string | undefined;
	/** What the form was drawn from. */
	seen: string;
};

export function EditPage(props: { asked: ToEdit; typed: TypedPerson; errors?: FieldError[] }) {
	const { words } = usePage();
	const { staffProfiles, account } = words;
	const { profile, waiting, texted, seen } = props.asked;
	const { profileId, name } = profile;
	return (
		<SignInLayout title={staffProfiles.editTitle(name)} lead={staffProfiles.editLead}>
			<Form
				action={paths.editColleague.to(profileId)}
				errors={props.errors}
				submit={staffProfiles.save}
				beside={<ButtonLink href={paths.colleague.to(profileId)}>{account.cancel}</ButtonLink>}
			>
				<input type="hidden" name="seen" value={seen} />
				<PersonFields
					typed={props.typed}
					emailHint={waiting ? staffProfiles.emailWaits(waiting.new_email) : staffProfiles.newEmailWaits}
					mobileHint={staffProfiles.mobileIsContact(texted && prettyNumber(texted))}
					mayBeFull
				/>
				<PasswordAgain label={staffProfiles.yourPassword} hint={staffProfiles.whyPassword} />
			</Form>
		</SignInLayout>
	);
}

/** @param props.change the change of email that waits */
export function CancelEmailPage(props: { profile: Profile; change: EmailChangeRow; errors?: FieldError[] }) {
	const { words } = usePage();
	const { staffProfiles } = words;
	const { profile, change } = props;
	const { profileId, name, email } = profile;
	return (
		<SignInLayout
			title={staffProfiles.cancelEmailTitle(name)}
			lead={staffProfiles.cancelEmailLead(change.new_email, email)}
		>
			<Form
				action={paths.cancelColleaguesEmailChange.to(profileId)}
				errors={props.errors}
				submit={staffProfiles.cancelEmail}
				beside={<ButtonLink href={paths.colleague.to(profileId)}>{staffProfiles.letEmailWait}</ButtonLink>}
			>
				<input type="hidden" name="change" value={change.change_id} />
				<PasswordAgain
					label={staffProfiles.yourPassword}
					hint={staffProfiles.whyPassword}
					autofocus={!props.errors}
				/>
			</Form>
		</SignInLayout>
	);
}
