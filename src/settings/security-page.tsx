import type { ComponentChildren } from "preact";
import { type Enforcement, enforcementOf } from "../enforcement/enforcement.rule.ts";
import { paths } from "../paths.ts";
import { signOutAfter } from "../sessions/lifetime.rule.ts";
import { ButtonLink, FactList, Notice, noticeNamed } from "../web/controls.tsx";
import { SettingsLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { NoEmailsNotice } from "./no-emails-notice.tsx";
import { HowManyHaveItOn, moreWithout, type Standing } from "./standing.tsx";

/**
 * Settings → Security.
 *
 * @param props.isOnlyOne whether the reader is the only Full Access user
 * @param props.sendsEmails whether emails leave this server at all
 * @param props.notice what just happened, one of `words.security.notices`; anything else says nothing
 * @param props.news what else just happened
 */
export function SecurityPage(props: {
	standing: Standing;
	isOnlyOne: boolean;
	sendsEmails: boolean;
	notice: string;
	news?: ComponentChildren;
}) {
	const { words } = usePage();
	const { security } = words;
	const notice = noticeNamed(security.notices, props.notice);
	return (
		<SettingsLayout title={security.title} current="security">
			{notice && <Notice kind="success">{notice}</Notice>}
			{props.news}
			{!props.sendsEmails && <NoEmailsNotice />}
			{props.isOnlyOne && (
				<Notice kind="info" title={security.onlyOneTitle}>
					<p>
						{security.onlyOne} <a href={paths.staff}>{security.openStaff}</a>
					</p>
				</Notice>
			)}
			<EnforcementSection standing={props.standing} />
			<AutomaticSignOutSection />
			<section aria-labelledby="report">
				<h2 id="report">{security.reportTitle}</h2>
				<p>{security.reportWhat}</p>
				<ButtonLink href={paths.report}>{security.report}</ButtonLink>
			</section>
		</SettingsLayout>
	);
}

function EnforcementSection({ standing }: { standing: Standing }) {
	const { words, clinic, now } = usePage();
	const { security, enforcement } = words;
	const { rule } = clinic;
	const state = enforcementOf(clinic, now);
	return (
		<section aria-labelledby="enforcement">
			<h2 id="enforcement">{enforcement.title}</h2>
			<p>
				<StateBadge state={state} />
			</p>
			<p>{meaningOf(state)}</p>
			<p class="quiet">{security.isMultiFactor}</p>
			<HowManyHaveItOn {...standing} />
			<p>
				{standing.without.length === 0
					? security.everybodyHasIt
					: security.notYet(
							standing.without.map(({ name }) => name),
							moreWithout(standing),
						)}{" "}
				<a href={paths.whoHasItOn}>{security.seeWho}</a>
			</p>
			<FactList
				facts={[
					{
						label: security.required,
						value: state.kind === "off" ? security.notRequired : security.requiredFrom(words.day(state.on)),
					},
					{
						label: security.recognizedDevices,
						value: rule.allowsTrust ? security.maySkip : security.mayNotSkip,
					},
					{ label: security.textMessages, value: rule.allowsTexts ? security.allowed : security.notAllowed },
				]}
			/>
			<Edit href={paths.enforcement} kind="primary" whatFor="enforcement" />
		</section>
	);

	function meaningOf(its: Enforcement): string {
		const { off, scheduled, "in-force": inForce } = security.whatItMeans;
		if (its.kind === "off") return off(clinic.name);
		return its.kind === "scheduled" ? scheduled(clinic.name, words.day(its.on)) : inForce(clinic.name);
	}
}

function StateBadge({ state }: { state: Enforcement }) {
	const { words } = usePage();
	const { states } = words.security;
	if (state.kind === "off") return <span class="badge warning">{states.off}</span>;
	const date = words.day(state.on);
	return state.kind === "scheduled" ? (
		<span class="badge">{states.scheduled(date)}</span>
	) : (
		<span class="badge on">{states["in-force"](date)}</span>
	);
}

function AutomaticSignOutSection() {
	const { words, clinic, now } = usePage();
	const { automaticSignOut } = words;
	const isCutShort = signOutAfter(clinic, now) < clinic.signOutAfterMs;
	return (
		<section aria-labelledby="automatic-sign-out">
			<h2 id="automatic-sign-out">{automaticSignOut.title}</h2>
			<p>
				{automaticSignOut.ofInactivity(clinic.signOutAfterMs)}
				{isCutShort && `. ${automaticSignOut.holdsNow}`}
			</p>
			<Edit href={paths.automaticSignOut} kind="secondary" whatFor="automatic-sign-out" />
		</section>
	);
}

/** @param whatFor the id of the heading that says what is edited */
function Edit({ href, kind, whatFor }: { href: string; kind: "primary" | "secondary"; whatFor: string }) {
	const { words } = usePage();
	return (
		<p>
			<a class={`button ${kind}`} href={href} aria-describedby={whatFor}>
				{words.security.edit}
			</a>
		</p>
	);
}
