import type { MethodKind } from "../db/tables.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import { numberToCall } from "../profiles/number-to-call.rule.ts";
import type { Profile } from "../profiles/profile.ts";
import { ButtonLink, Field, type FieldError, Form, HeadsUp, Notice } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { CallLink } from "./call-link.tsx";

/** A colleague whose 2-Step Verification may be turned off. */
export type ToReset = {
	profile: Profile;
	methods: readonly MethodKind[];
	/** Else only a temporary code gets them in afterwards. */
	isEmailedCodeEnough: boolean;
};

export function ResetPage(props: { asked: ToReset; reason: string; errors?: FieldError[] }) {
	const { words, now } = usePage();
	const { reset, staff, staffProfiles, account } = words;
	const { profile, methods, isEmailedCodeEnough } = props.asked;
	const { name, email, profileId } = profile;
	const { number, isEarlier } = numberToCall(profile, now);
	return (
		<SignInLayout title={reset.title(name)} lead={reset.lead}>
			<section aria-labelledby="is-it-them">
				<h2 id="is-it-them">{reset.isItThemTitle}</h2>
				{number === null ? (
					<p>{isEarlier ? reset.seeThemLately : reset.seeThem}</p>
				) : (
					<p>
						{isEarlier ? reset.callThemBefore : reset.callThem} <CallLink number={number} />.{" "}
						{isEarlier && staff.numberChanged}
					</p>
				)}
				<p>{reset.neverFor}</p>
			</section>
			<Notice kind="info" title={reset.insteadTitle}>
				<p>{reset.instead}</p>
				<p>
					<a href={paths.giveTemporaryCode.to(profileId)}>{staff.giveCode}</a>
				</p>
			</Notice>
			<HeadsUp>
				<p>{account.turnOffHeadsUp}</p>
				<p>{reset.ends(methods.map((kind) => words.methods[kind]))}</p>
			</HeadsUp>
			<section aria-labelledby="next">
				<h2 id="next">{reset.nextTitle}</h2>
				<p>{isEmailedCodeEnough ? reset.nextByEmail(email) : reset.nextByCode}</p>
			</section>
			<Form
				action={paths.resetColleague.to(profileId)}
				errors={props.errors}
				submit={reset.submit}
				submitKind="danger"
				beside={<ButtonLink href={paths.colleague.to(profileId)}>{account.keepItOn}</ButtonLink>}
			>
				<Field name="reason" label={reset.reason} value={props.reason} hint={reset.reasonHint(name)} />
				<PasswordAgain label={staffProfiles.yourPassword} hint={staffProfiles.whyPassword} />
			</Form>
		</SignInLayout>
	);
}
