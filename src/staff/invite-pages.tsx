import { PasswordAgain } from "../passwords/password-again.tsx";
import { confirmThen, paths } from "../paths.ts";
import { ButtonLink, type FieldError, Form, Notice } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { PersonFields } from "./person-fields.tsx";
import type { TypedPerson } from "./person-form.rule.ts";

/**
 * @param props.mayBeFull whether this session has passed a code, where one is asked for; else only Limited is offered
 * @param props.isJustSetUp whether they come from setting up their own method
 * @param props.sendsEmails whether emails leave this server at all
 */
export function InvitePage(props: {
	typed: TypedPerson;
	mayBeFull: boolean;
	isJustSetUp?: boolean;
	sendsEmails: boolean;
	errors?: FieldError[];
}) {
	const { words, clinic } = usePage();
	const { staff, staffProfiles, account } = words;
	return (
		<SignInLayout title={staffProfiles.inviteTitle} lead={staffProfiles.inviteLead(clinic.name)}>
			{props.isJustSetUp && <Notice kind="success">{staff.isSetUp}</Notice>}
			{!props.sendsEmails && (
				<Notice kind="warning" title={staff.noEmailsTitle}>
					<p>{staff.noEmails}</p>
				</Notice>
			)}
			<Form
				action={paths.inviteStaff}
				errors={props.errors}
				submit={staffProfiles.sendInvitation}
				beside={<ButtonLink href={paths.staff}>{account.cancel}</ButtonLink>}
			>
				<PersonFields typed={props.typed} mobileHint={staffProfiles.mobileHint} mayBeFull={props.mayBeFull} />
				{props.mayBeFull ? (
					<div class="for-full-access">
						<PasswordAgain label={staffProfiles.yourPassword} hint={staffProfiles.passwordForFull} />
					</div>
				) : (
					<p>
						<a href={confirmThen(paths.inviteStaff)}>{staffProfiles.codeFirst}</a>
					</p>
				)}
			</Form>
		</SignInLayout>
	);
}
