import type { TrustedBrowser } from "../browsers/store.ts";
import type { MethodKind } from "../db/tables.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import { METHOD_KINDS } from "../methods/method-kinds.ts";
import type { Method } from "../methods/store.ts";
import { paths, setUpStart } from "../paths.ts";
import type { Showing } from "../recovery-code/showing.rule.ts";
import { maskNumber } from "../text-message/number.rule.ts";
import { ButtonLink, Notice, noticeNamed, PostButton } from "../web/controls.tsx";
import { AccountLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";
import { AppInsteadNotice, RecoveryCodeWarning } from "./notices.tsx";
import { TrustedBrowsers } from "./trusted-browsers.tsx";
import { WhoChangesTheRule } from "./who-changes-the-rule.tsx";

/** @param props.notice what just happened, one of `words.account.notices`; anything else says nothing */
export function TwoStepPage(props: {
	methods: readonly Method[];
	recoveryCode: Showing;
	notice: string;
	/** Where codes are texted to, E.164. */
	number: string | undefined;
	offered: readonly MethodKind[];
	/** All that is on are texts, and the clinic stopped them. */
	hasOnlyStoppedTexts: boolean;
	/** The browsers in which this person is not asked for a code. */
	trusted: readonly TrustedBrowser[];
	thisBrowserHash: string;
}) {
	const { words, clinic, now } = usePage();
	const { account, product } = words;
	const isOn = props.methods.length > 0;
	const lead = props.trusted.length > 0 ? account.isOnLeadTrusting : account.isOnLead;
	// The last one can only be replaced while the clinic requires one.
	const canTurnOff = props.methods.length > 1 || enforcementOf(clinic, now).kind !== "in-force";
	const notice = noticeNamed(account.notices, props.notice);
	return (
		<AccountLayout title={product} current="two-step" lead={isOn ? lead : account.isOffLead}>
			{notice && <Notice kind="success">{notice}</Notice>}
			{props.hasOnlyStoppedTexts && <AppInsteadNotice />}
			<p>
				<span class={isOn ? "badge on" : "badge"}>{isOn ? account.on : account.off}</span>
			</p>
			<section aria-labelledby="methods">
				<h2 id="methods">{account.methods}</h2>
				<ul class="rows">
					{METHOD_KINDS.map((kind) => {
						const method = props.methods.find((one) => one.kind === kind);
						const isOffered = props.offered.includes(kind);
						if (!method && !isOffered) return null;
						const number = kind === "text-message" ? props.number : undefined;
						const mayBeDefault = props.methods.length > 1;
						const isFirst = !isOn && kind === "authenticator-app";
						return (
							<MethodRow
								key={kind}
								{...{ kind, method, isOffered, number, mayBeDefault, canTurnOff, isFirst }}
							/>
						);
					})}
				</ul>
			</section>
			{isOn && <RecoveryCodeSection code={props.recoveryCode} />}
			{isOn && <TrustedBrowsers {...props} />}
			<RuleSection isOn={isOn} />
		</AccountLayout>
	);
}

function MethodRow(props: {
	kind: MethodKind;
	method: Method | undefined;
	/** Whether it can be set up here; one that is on stays on where it cannot. */
	isOffered: boolean;
	number: string | undefined;
	mayBeDefault: boolean;
	canTurnOff: boolean;
	/** The one to begin with. */
	isFirst: boolean;
}) {
	const { words, clinic } = usePage();
	const { account } = words;
	const { kind, method, number } = props;
	const dateOf = (at: number) => words.date(at, clinic.timeZone);
	return (
		<li>
			<div>
				<h3>
					{words.methods[kind]}{" "}
					{method &&
						(method.blockedAt ? (
							<span class="badge warning">{account.blocked}</span>
						) : (
							<span class="badge on">{account.on}</span>
						))}{" "}
					{method?.isDefault && props.mayBeDefault && <span class="badge">{account.isDefault}</span>}
				</h3>
				{method ? (
					<p class="quiet">
						{number && `${maskNumber(number)}. `}
						{account.since(dateOf(method.onAt))}{" "}
						{method.lastUsedAt === null ? account.neverUsed : account.lastUsed(dateOf(method.lastUsedAt))}
					</p>
				) : (
					<p class="quiet">{account.what[kind]}</p>
				)}
				{method?.blockedAt && <p>{account.blockedNext}</p>}
			</div>
			<div class="row-actions">
				{props.isOffered && (
					<ButtonLink href={setUpStart[kind]} kind={props.isFirst ? "primary" : "secondary"}>
						{method ? account.replace : account.setUp}
					</ButtonLink>
				)}
				{method && props.canTurnOff && (
					<ButtonLink href={paths.turnOff.to(kind)}>{account.turnOff}</ButtonLink>
				)}
				{method && props.mayBeDefault && !method.isDefault && method.blockedAt === null && (
					<PostButton action={paths.makeDefault} label={account.makeDefault} fields={{ kind }} />
				)}
			</div>
		</li>
	);
}

function RecoveryCodeSection({ code }: { code: Showing }) {
	const { words, clinic } = usePage();
	const { account } = words;
	const madeOn = code.kind === "none" ? undefined : words.date(code.madeAt, clinic.timeZone);
	return (
		<section aria-labelledby="recovery-code">
			<h2 id="recovery-code">{account.recoveryCode}</h2>
			<RecoveryCodeWarning code={code} />
			<ul class="rows">
				<li>
					<div>
						<p>{account.whatItIs}</p>
						{madeOn && <p class="quiet">{account.madeOn(madeOn)}</p>}
					</div>
					<div class="row-actions">
						<ButtonLink href={paths.newRecoveryCode}>{account.getNewCode}</ButtonLink>
					</div>
				</li>
			</ul>
		</section>
	);
}

/** What the clinic requires, from when, and who can change that. */
function RuleSection({ isOn }: { isOn: boolean }) {
	const { words, clinic, now } = usePage();
	const { account } = words;
	return (
		<section aria-labelledby="rule">
			<h2 id="rule">{account.rule}</h2>
			<p>
				<Requirement /> {isOn && enforcementOf(clinic, now).kind === "in-force" && account.lastStays}
			</p>
			{!clinic.rule.allowsTexts && <p>{account.textsStopped(clinic.name)}</p>}
			<WhoChangesTheRule />
		</section>
	);
}

function Requirement() {
	const { words, clinic, now } = usePage();
	const { account } = words;
	const rule = enforcementOf(clinic, now);
	switch (rule.kind) {
		case "off":
			return <>{account.notRequired(clinic.name)}</>;
		case "scheduled":
			return <>{account.willBeRequired(clinic.name, words.day(rule.on))}</>;
		case "in-force":
			return <>{account.isRequired(clinic.name, words.day(rule.on))}</>;
	}
}
