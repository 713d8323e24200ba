/**
 * Every address of Vestibule. No path string stands anywhere else. Guides and bookmarks name the ones listed in
 * docs/operating.md ("Addresses"), so those never change; everything below them is free.
 */
const signIn = "/sign-in";
const account = "/account";
const security = "/settings/security";
const twoStep = `${account}/2-step-verification`;

export const paths = {
	home: "/",
	signIn,
	verify: `${signIn}/verify`,
	anotherWay: `${signIn}/another-way`,
	signInRecoveryCode: `${signIn}/recovery-code`,
	signInHelp: `${signIn}/help`,
	cancelSignIn: `${signIn}/cancel`,
	emailedCode: `${signIn}/emailed-code`,
	sendEmailedCode: `${signIn}/emailed-code/send`,
	signInTemporaryCode: `${signIn}/temporary-code`,
	signInSetUp: `${signIn}/set-up`,
	signInAuthenticatorApp: `${signIn}/set-up/authenticator-app`,
	signInTextMessage: `${signIn}/set-up/text-message`,
	declineSetUp: `${signIn}/set-up/not-now`,
	signOut: "/sign-out",
	forgotPassword: "/forgot-password",
	setPassword: withToken("/forgot-password/set"),
	account,
	password: `${account}/password`,
	twoStep,
	authenticatorApp: `${twoStep}/authenticator-app`,
	textMessage: `${twoStep}/text-message`,
	makeDefault: `${twoStep}/default`,
	recoveryCode: `${twoStep}/recovery-code`,
	recoveryCodePdf: `${twoStep}/recovery-code/download`,
	newRecoveryCode: `${twoStep}/recovery-code/new`,
	lostPhone: `${twoStep}/lost-phone`,
	turnOff: withKind(`${twoStep}/turn-off`),
	appInstead: `${twoStep}/app-instead`,
	removeTrusted: `${twoStep}/trusted-browsers/remove`,
	profile: `${account}/profile`,
	changeEmail: `${account}/profile/email`,
	cancelEmailChange: `${account}/profile/email/cancel`,
	changeMobile: `${account}/profile/mobile`,
	confirmEmail: withToken(`${account}/confirm-email`),
	notMe: withToken(`${account}/not-me`),
	ownActivity: `${account}/activity`,
	ownActivityDownload: `${account}/activity/download`,
	sessions: `${account}/sessions`,
	endSession: `${account}/sessions/sign-out`,
	endOtherSessions: `${account}/sessions/sign-out-everywhere-else`,
	timeLeft: `${account}/sessions/time-left`,
	confirm: `${account}/confirm`,
	confirmByText: `${account}/confirm/text-message`,
	textConfirmCode: `${account}/confirm/text-message/resend`,
	confirmByRecoveryCode: `${account}/confirm/recovery-code`,
	/** Leads on to Security; behind a proxy it is the software's. */
	settings: "/settings",
	security,
	enforcement: `${security}/2-step-verification`,
	confirmEnforcement: `${security}/2-step-verification/confirm`,
	automaticSignOut: `${security}/automatic-sign-out`,
	whoHasItOn: `${security}/who-has-it-on`,
	whoHasItOnCsv: `${security}/who-has-it-on/download`,
	sendReminder: `${security}/send-reminder`,
	report: `${security}/report`,
	activity: "/settings/activity",
	activityDownload: "/settings/activity/download",
	staff: "/staff",
	inviteStaff: "/staff/invite",
	colleague: colleague(""),
	editColleague: colleague("/edit"),
	cancelColleaguesEmailChange: colleague("/edit/cancel-new-email"),
	giveTemporaryCode: colleague("/temporary-code"),
	resetColleague: colleague("/disable-2-step-verification"),
	signColleagueOut: colleague("/sign-out"),
	sendPasswordLink: colleague("/password-link"),
	deactivateColleague: colleague("/deactivate"),
	reactivateColleague: colleague("/reactivate"),
	authCheck: "/auth/check",
	demoInbox: "/demo/inbox",
	changePassword: "/.well-known/change-password",
	files: "/vestibule",
	receipt: {
		pattern: "/vestibule/receipts/:provider/:clinicId/:messageId",
		to: (provider: string, clinicId: string, messageId: string) =>
			`/vestibule/receipts/${[provider, clinicId, messageId].map(encodeURIComponent).join("/")}`,
	},
} as const;

/** An address that ends in a single-use token. */
function withToken(base: string) {
	return { pattern: `${base}/:token`, to: (token: string) => `${base}/${token}` };
}

/** An address of one colleague: below `/staff/` and their profile's id. */
function colleague(action: string) {
	return { pattern: `/staff/:profileId${action}`, to: (profileId: string) => `/staff/${profileId}${action}` };
}

/** An address that ends in a method's kind. */
function withKind(base: string) {
	return { pattern: `${base}/:kind`, to: (kind: string) => `${base}/${kind}` };
}

/** Where each kind of method is set up, or replaced, in a session. */
export const setUpStart = {
	"authenticator-app": paths.authenticatorApp,
	"text-message": paths.textMessage,
} as const;

/** The addresses of a method's set-up, below the place it is mounted at. */
export function setUpPaths(base: string) {
	return { start: base, key: `${base}/key`, code: `${base}/code` };
}

/** The same for text messages. */
export function textSetUpPaths(base: string) {
	return { start: base, number: `${base}/number`, code: `${base}/code`, resend: `${base}/resend` };
}

/** Which entry of the top bar a page belongs to. @param path may have a query */
export function sectionOf(path: string): "staff" | "settings" | undefined {
	if (isIn(paths.staff, path)) return "staff";
	return isIn(paths.settings, path) ? "settings" : undefined;
}

/** Whether a page is the one at an address, or below it. @param path may have a query */
export function isIn(section: string, path: string): boolean {
	const [pathname] = path.split("?");
	return `${pathname}/`.startsWith(`${section}/`);
}

/** Sign in, and then the page that was asked for. */
export function signInThen(returnTo: string): string {
	return returnTo === paths.home
		? paths.signIn
		: `${paths.signIn}?${new URLSearchParams({ return: returnTo })}`;
}

/**
 * A code first, and then the page that was asked for.
 *
 * @param page which of the pages that ask for it
 */
export function confirmThen(returnTo: string, page: string = paths.confirm): string {
	return `${page}?${new URLSearchParams({ return: returnTo })}`;
}

/**
 * A path of this site that somebody may be sent to after signing in; undefined for anything else.
 * Browsers read `//host`, `/\host` and a tab or line break inside as another site.
 */
export function safeReturnPath(text: string): string | undefined {
	if (!ONE_SLASH_THEN_ASCII.test(text)) return undefined;
	const { pathname, search } = new URL(text, "http://vestibule.invalid");
	const isSignIn = pathname === signIn || pathname.startsWith(`${signIn}/`) || pathname === "/sign-out";
	// Without its dots the path may begin with two slashes.
	return ONE_SLASH_THEN_ASCII.test(pathname) && !isSignIn ? pathname + search : undefined;
}

/**
 * The path in a whole address of this very site, as Traefik writes it; anything else as it is.
 *
 * @param origin of this site; a proxy that something else speaks https for writes http
 */
export function withoutOrigin(text: string, origin: string): string {
	if (!URL.canParse(text)) return text;
	const { protocol, host, pathname, search } = new URL(text);
	const isThisSite = /^https?:$/.test(protocol) && host === new URL(origin).host;
	return isThisSite ? pathname + search : text;
}

const ONE_SLASH_THEN_ASCII = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]{0,1999}$/;
