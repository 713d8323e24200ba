import type { ComponentChildren } from "preact";
import { localDay } from "../clinics/local-time.rule.ts";
import type { MethodKind } from "../db/tables.ts";
import type { WithoutMethod } from "../enforcement/store.ts";
import { PasswordAgain } from "../passwords/password-again.tsx";
import { paths } from "../paths.ts";
import { OwnMethodFirstPage } from "../set-up/own-method-first.tsx";
import { ButtonLink, Checkbox, DateField, type FieldError, Form, HeadsUp } from "../web/controls.tsx";
import { SettingsLayout, SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { NoEmailsNotice } from "./no-emails-notice.tsx";
import { SendReminder } from "./reminder-pages.tsx";
import { HowManyHaveItOn, moreWithout, type Standing } from "./standing.tsx";
import type { RuleForm, WantedRule } from "./wanted-rule.rule.ts";

/**
 * The clinic's rule, to be changed.
 *
 * @param props.form what stands in it
 * @param props.sendsTexts whether this server sends text messages at all
 * @param props.sendsEmails whether emails leave it at all
 * @param props.news what just happened here
 */
export function EnforcementPage(props: {
	form: RuleForm;
	standing: Standing;
	sendsTexts: boolean;
	sendsEmails: boolean;
	news?: ComponentChildren;
	errors?: FieldError[];
}) {
	const { words, clinic, now } = usePage();
	const { account, enforcement } = words;
	const { form } = props;
	const cancel = <ButtonLink href={paths.security}>{enforcement.cancel}</ButtonLink>;
	return (
		<SettingsLayout title={enforcement.title} current="security">
			{props.news}
			{!props.sendsEmails && <NoEmailsNotice />}
			<WhoDoesNot standing={props.standing} />
			<section>
				<Form action={paths.enforcement} errors={props.errors} submit={enforcement.save} beside={cancel}>
					<input type="hidden" name="version" value={form.version} />
					<Checkbox name="requires" label={enforcement.require(clinic.name)} checked={form.requires} />
					<DateField
						name="effective-date"
						label={enforcement.effectiveDate}
						hint={enforcement.effectiveDateHint(words.zone(clinic.timeZone))}
						value={form.effectiveDate}
						min={localDay(now, clinic.timeZone)}
					/>
					<Checkbox
						name="allows-trust"
						label={enforcement.allowTrust}
						hint={enforcement.allowTrustHint}
						checked={form.allowsTrust}
					/>
					<Checkbox
						name="allows-texts"
						label={enforcement.allowTexts}
						hint={props.sendsTexts ? enforcement.allowTextsHint : enforcement.noTextProvider}
						checked={form.allowsTexts}
					/>
					<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} />
				</Form>
			</section>
		</SettingsLayout>
	);
}

/** How many have it on and who has not, so that whoever requires it knows whom it meets. */
function WhoDoesNot({ standing }: { standing: Standing }) {
	const { words, clinic } = usePage();
	const { enforcement, security } = words;
	const more = moreWithout(standing);
	const canRemind = clinic.rule.requiredFromOn !== null;
	if (standing.without.length === 0) {
		return (
			<section>
				<HowManyHaveItOn {...standing} />
				<p>{security.everybodyHasIt}</p>
			</section>
		);
	}
	return (
		<section aria-labelledby="who-does-not">
			<HowManyHaveItOn {...standing} />
			<h2 id="who-does-not">{enforcement.whoDoesNot}</h2>
			<ul class="rows">
				{standing.without.map((person) => (
					<li key={person.profileId}>
						<Person person={person} />
						{canRemind && (
							<div class="row-actions">
								<SendReminder profile={person} />
							</div>
						)}
					</li>
				))}
			</ul>
			<p>
				{more > 0 && `${enforcement.andMore(more)} `}
				<a href={paths.whoHasItOn}>{security.seeWho}</a>
			</p>
			{canRemind ? (
				<div class="buttons">
					<SendReminder />
				</div>
			) : (
				<p class="quiet">{enforcement.remindLater}</p>
			)}
		</section>
	);
}

function Person({ person: { name, email, lastRemindedAt } }: { person: WithoutMethod }) {
	const { words, clinic } = usePage();
	const { enforcement } = words;
	const reminded =
		lastRemindedAt === null
			? enforcement.neverReminded
			: enforcement.lastReminded(
					words.date(lastRemindedAt, clinic.timeZone),
					words.time(lastRemindedAt, clinic.timeZone),
				);
	return (
		<div>
			<h3>{name}</h3>
			<p>{email}</p>
			<p class="quiet">{reminded}</p>
		</div>
	);
}

/** Before the rule is loosened: what that means, and the password. It carries what was entered. */
export function ConfirmEnforcementPage({ wanted, errors }: { wanted: WantedRule; errors?: FieldError[] }) {
	const { words, clinic, now } = usePage();
	const { account, enforcement } = words;
	const { requiredFromOn: to } = wanted;
	const from = clinic.rule.requiredFromOn ?? "";
	const keep = <ButtonLink href={paths.enforcement}>{enforcement.keep}</ButtonLink>;
	return (
		<SignInLayout title={to === null ? enforcement.turnOffTitle(clinic.name) : enforcement.moveTitle}>
			<HeadsUp>
				<p>{enforcement.headsUp}</p>
				{to === null ? (
					<p>{enforcement.turnOffMeans}</p>
				) : (
					<p>
						{enforcement.moveMeans(words.day(from), words.day(to))}{" "}
						{to > localDay(now, clinic.timeZone) && enforcement.moveMeansUntil(words.day(to))}
					</p>
				)}
				<p>{enforcement.recommended}</p>
			</HeadsUp>
			{wanted.allowsTrust !== clinic.rule.allowsTrust && <p>{enforcement.alsoTrust(wanted.allowsTrust)}</p>}
			{wanted.allowsTexts !== clinic.rule.allowsTexts && <p>{enforcement.alsoTexts(wanted.allowsTexts)}</p>}
			<Form
				action={paths.enforcement}
				errors={errors}
				submit={to === null ? enforcement.turnOff : enforcement.move}
				submitKind="danger"
				beside={keep}
			>
				{[...fieldsOf(wanted), ["confirmed", "yes"]].map(([name, value]) => (
					<input key={name} type="hidden" name={name} value={value} />
				))}
				<PasswordAgain label={account.passwordAgain} hint={account.whyPassword} />
			</Form>
		</SignInLayout>
	);
}

/** The form that says what is wanted, field by field. */
export function fieldsOf(wanted: WantedRule): [name: string, value: string][] {
	const fields: [string, string][] = [["version", String(wanted.version)]];
	if (wanted.requiredFromOn !== null) {
		fields.push(["requires", "yes"], ["effective-date", wanted.requiredFromOn]);
	}
	if (wanted.allowsTrust) fields.push(["allows-trust", "yes"]);
	if (wanted.allowsTexts) fields.push(["allows-texts", "yes"]);
	return fields;
}

/** For a Full Access user who has no method on. */
export function SetUpFirstPage({ offered }: { offered: readonly MethodKind[] }) {
	const { clinic, words } = usePage();
	const { firstTitle, firstLead, cancel } = words.enforcement;
	return (
		<OwnMethodFirstPage
			title={firstTitle}
			lead={firstLead(clinic.name)}
			action={paths.enforcement}
			offered={offered}
			leave={{ path: paths.security, label: cancel }}
		/>
	);
}
