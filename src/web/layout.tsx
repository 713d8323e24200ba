import type { ComponentChildren } from "preact";
import { isIn, paths, safeReturnPath, sectionOf, signInThen } from "../paths.ts";
import { fileAddress } from "./files.ts";
import { DownIcon, HelpIcon, Mark } from "./icons.tsx";
import { usePage, useWords } from "./page-frame.tsx";

/** Comfort only: every page works without them. */
const SCRIPTS = [
	"forms.js",
	"error-summary.js",
	"show-password.js",
	"copy.js",
	"print.js",
	"ends-at.js",
	"signs-out.js",
	"person-menu.js",
	"live.js",
	"web-otp.js",
];

/**
 * One narrow column, the clinic on top: signing in, setting up, and whatever else asks one thing.
 *
 * @param lead what happens here and next, in a sentence or two
 * @param step where a journey of several pages stands
 */
export function SignInLayout({
	title,
	lead,
	step,
	children,
}: {
	title: string;
	lead?: ComponentChildren;
	step?: { at: number; of: number };
	children?: ComponentChildren;
}) {
	const { endsAt } = usePage();
	return (
		<Page title={title}>
			<TopBar />
			<main id="content" class="column" tabindex={-1}>
				{step && <StepOf {...step} />}
				<h1>{title}</h1>
				{lead && <p class="lead">{lead}</p>}
				{children}
				{endsAt !== undefined && <EndsAt at={endsAt} restartHref={paths.signIn} />}
			</main>
			<Footer />
		</Page>
	);
}

/** The pages of the left menu of My Account. */
export type AccountPage = "account" | "profile" | "two-step" | "password" | "sessions" | "activity";
/** And of Settings. */
type SettingsPage = "security" | "who-has-it-on" | "activity";

/** My Account: the top bar, a menu at the left (on a phone on top), and the content. */
export function AccountLayout({
	title,
	current,
	lead,
	children,
}: {
	title: string;
	current: AccountPage;
	lead?: ComponentChildren;
	children?: ComponentChildren;
}) {
	const words = useWords();
	const entries = [
		{ page: "account", href: paths.account, label: words.layout.myAccount },
		{ page: "profile", href: paths.profile, label: words.layout.profile },
		{ page: "two-step", href: paths.twoStep, label: words.product },
		{ page: "password", href: paths.password, label: words.layout.password },
		{ page: "sessions", href: paths.sessions, label: words.layout.sessions },
		{ page: "activity", href: paths.ownActivity, label: words.layout.activity },
	];
	return <WithMenu {...{ title, current, lead, entries, children }} menu={words.layout.myAccount} />;
}

/** Settings: the same, for Full Access users. */
export function SettingsLayout({
	title,
	current,
	lead,
	children,
}: {
	title: string;
	current: SettingsPage;
	lead?: ComponentChildren;
	children?: ComponentChildren;
}) {
	const words = useWords();
	const entries = [
		{ page: "security", href: paths.security, label: words.layout.security },
		{ page: "who-has-it-on", href: paths.whoHasItOn, label: words.layout.whoHasItOn },
		{ page: "activity", href: paths.activity, label: words.layout.activity },
	];
	return <WithMenu {...{ title, current, lead, entries, children }} menu={words.layout.settings} />;
}

/** A list that needs room, where there is no menu. */
export function WideLayout({
	title,
	lead,
	children,
}: {
	title: string;
	lead?: ComponentChildren;
	children?: ComponentChildren;
}) {
	return (
		<Page title={title}>
			<TopBar />
			<div class="with-menu">
				<main id="content" tabindex={-1}>
					<h1>{title}</h1>
					{lead && <p class="lead">{lead}</p>}
					{children}
				</main>
			</div>
			<Footer />
		</Page>
	);
}

function WithMenu({
	title,
	current,
	lead,
	menu,
	entries,
	children,
}: {
	title: string;
	current: string;
	lead: ComponentChildren;
	menu: string;
	entries: readonly { page: string; href: string; label: string }[];
	children: ComponentChildren;
}) {
	return (
		<Page title={title}>
			<TopBar />
			<div class="with-menu">
				<nav class="menu" aria-label={menu}>
					<ul>
						{entries.map(({ page, href, label }) => (
							<li key={page}>
								<a href={href} aria-current={page === current ? "page" : undefined}>
									{label}
								</a>
							</li>
						))}
					</ul>
				</nav>
				<main id="content" tabindex={-1}>
					<h1>{title}</h1>
					{lead && <p class="lead">{lead}</p>}
					{children}
				</main>
			</div>
			<Footer />
		</Page>
	);
}

/**
 * When a sign-in runs out, and from one minute before a warning that is announced.
 *
 * @param at epoch milliseconds
 * @param restartHref where to start again
 */
function EndsAt({ at, restartHref }: { at: number; restartHref: string }) {
	const { words, now, clinic } = usePage();
	return (
		<div class="ends-at" data-ends-at={at} data-now={now}>
			<p data-when="before">{words.layout.endsAt(words.time(at, clinic.timeZone))}</p>
			<div role="status">
				<p data-when="soon" hidden>
					{words.layout.endsSoon} <a href={restartHref}>{words.layout.startAgain}</a>
				</p>
				<p data-when="over" hidden>
					{words.layout.hasEnded} <a href={restartHref}>{words.layout.startAgain}</a>
				</p>
			</div>
		</div>
	);
}

/**
 * The warning before Automatic Sign Out, with a way to stay, and that it has come; for those whose scripts run.
 *
 * @param at epoch milliseconds
 */
function SignsOut({ at }: { at: number }) {
	const { words, now, path } = usePage();
	const { layout, sessions } = words;
	return (
		<div
			class="signs-out"
			data-signs-out-at={at}
			data-now={now}
			data-ask={paths.timeLeft}
			data-stay={paths.authCheck}
		>
			<div role="status">
				<div data-when="unused" hidden>
					<p>{layout.signsOutUnused}</p>
					<button type="button" class="button secondary">
						{sessions.stay}
					</button>
				</div>
				<div data-when="anyway" hidden>
					<p>{layout.signsOutAnyway}</p>
				</div>
				<div data-when="over" hidden>
					<p>
						{layout.signedOut}{" "}
						<a href={signInThen(safeReturnPath(path) ?? paths.home)}>{layout.signInAgain}</a>
					</p>
				</div>
			</div>
		</div>
	);
}

function Page({ title, children }: { title: string; children: ComponentChildren }) {
	const { words, clinic, path, demo, banner, signsOutAt } = usePage();
	return (
		<>
			<head>
				<meta charset="utf-8" />
				<title>{`${title} – ${clinic.name}`}</title>
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="format-detection" content="telephone=no" />
				<link rel="icon" type="image/svg+xml" href={fileAddress("favicon.svg")} />
				<link rel="stylesheet" href={fileAddress("style.css")} />
				{SCRIPTS.map((name) => (
					<script key={name} type="module" src={fileAddress(name)} />
				))}
			</head>
			<body>
				<a class="skip" href="#content">
					{words.layout.skip}
				</a>
				{demo && (
					<aside class="demo" aria-label={words.layout.demoName}>
						{words.layout.demo} <a href={paths.demoInbox}>{words.layout.demoInbox}</a>
					</aside>
				)}
				{banner && (
					<aside class="banner" aria-label={words.product}>
						{words.layout.banner(banner.kind, words.day(banner.on), clinic.name)}
						{!isIn(paths.twoStep, path) && (
							<>
								{" "}
								<a href={paths.twoStep}>{words.layout.setUpNow}</a>
							</>
						)}
					</aside>
				)}
				{children}
				{signsOutAt !== undefined && <SignsOut at={signsOutAt} />}
			</body>
		</>
	);
}

function TopBar() {
	const { words, clinic, reader, path } = usePage();
	if (reader === undefined) {
		return (
			<header class="top">
				<p class="clinic">
					<Mark /> {clinic.name}
				</p>
			</header>
		);
	}
	const section = sectionOf(path);
	const entries = [
		{ href: paths.staff, label: words.layout.staff, isCurrent: section === "staff" },
		{ href: paths.security, label: words.layout.settings, isCurrent: section === "settings" },
	];
	return (
		<header class="top signed-in">
			<a class="clinic" href={paths.home}>
				<Mark /> {clinic.name}
			</a>
			{reader.access === "full" && (
				<nav class="clinic-menu" aria-label={words.layout.clinicMenu}>
					{entries.map((entry) => (
						<TopBarLink key={entry.href} {...entry} />
					))}
				</nav>
			)}
			<details class="person">
				<summary>
					<span class="initials" aria-hidden="true">
						{initialsOf(reader.name)}
					</span>
					<span class="name">{reader.name}</span>
					<DownIcon />
				</summary>
				<ul>
					<li class="whose">{reader.email}</li>
					{reader.access === "full" &&
						entries.map((entry) => (
							<li key={entry.href} class="clinic-entry">
								<TopBarLink {...entry} />
							</li>
						))}
					<li>
						<a href={paths.account}>{words.layout.myAccount}</a>
					</li>
					<li>
						<a href={paths.signOut}>{words.layout.signOut}</a>
					</li>
				</ul>
			</details>
		</header>
	);
}

function TopBarLink({ href, label, isCurrent }: { href: string; label: string; isCurrent: boolean }) {
	return (
		<a href={href} aria-current={isCurrent ? "true" : undefined}>
			{label}
		</a>
	);
}

function Footer() {
	const words = useWords();
	return (
		<footer class="foot">
			<a href={paths.signInHelp}>
				<HelpIcon /> {words.layout.help}
			</a>
		</footer>
	);
}

function StepOf({ at, of }: { at: number; of: number }) {
	const words = useWords();
	return (
		<div class="step">
			<p>{words.layout.step(at, of)}</p>
			<div class="step-bar" aria-hidden="true">
				{Array.from({ length: of }, (_, index) => (
					<span key={index} class={index < at ? "reached" : ""} />
				))}
			</div>
		</div>
	);
}

/** The first letters of the first and last name: "Avery Chen" is AC. */
function initialsOf(name: string): string {
	const names = name.trim().split(/\s+/);
	const letters = [names[0], names.length > 1 ? names.at(-1) : undefined].map((part) => [...(part ?? "")][0]);
	return letters.join("").toUpperCase();
}
