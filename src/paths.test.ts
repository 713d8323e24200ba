import fc from "fast-check";
import { expect, test } from "vitest";
import { paths, safeReturnPath, sectionOf, signInThen, withoutOrigin } from "./paths.ts";

test.each([
	[paths.staff, "staff"],
	[`${paths.staff}?search=x`, "staff"],
	[paths.inviteStaff, "staff"],
	[paths.enforcement, "settings"],
	[`${paths.activity}?person=x`, "settings"],
	[paths.account, undefined],
	["/staffing", undefined],
])("%s belongs to the section %s", (path, section) => {
	expect(sectionOf(path)).toBe(section);
});

test.each([
	"/",
	"/patients/12?tab=notes&print=1",
	"/%C5%81ukasz?q=%26%2F",
	"/account/2-step-verification",
	"/sign-in-sheet",
])("after signing in one may return to %s", (path) => {
	expect(safeReturnPath(path)).toBe(path);
	expect(new URLSearchParams(signInThen(path).split("?")[1]).get("return") ?? "/").toBe(path);
});

test.each([
	"",
	"patients",
	"https://evil.example/",
	"//evil.example/",
	"//[",
	"/\\evil.example/",
	"\\\\evil.example/",
	"/\t/evil.example/",
	"/\n/evil.example/",
	" //evil.example/",
	"/.//evil.example/",
	"/..//evil.example/",
	"/%2e//evil.example/",
	"/patients/..//evil.example/",
	"/patients/%2e%2E//evil.example/",
	"/patients/../\\evil.example/",
	"javascript:alert(1)",
	"/pati\u00e9nts",
	`/${"a".repeat(2_000)}`,
])("nobody is sent to %j after signing in", (path) => {
	expect(safeReturnPath(path)).toBeUndefined();
});

test.each(["/sign-in", "/sign-in?return=%2F", "/sign-in/verify", "/sign-out", "/a/../sign-out"])(
	"signing in does not lead to %s",
	(path) => {
		expect(safeReturnPath(path)).toBeUndefined();
	},
);

test.each([
	["https://harbour.example.com/patients/12?tab=notes#x", "/patients/12?tab=notes"],
	["http://harbour.example.com/patients", "/patients"],
	["https://HARBOUR.example.com/a", "/a"],
	["https://harbour.example.com//evil.example/", undefined],
	["https://harbour.example.com/.//evil.example/", undefined],
	["https://harbour.example.com/sign-out", undefined],
	["https://harbour.example.com@evil.example/a", undefined],
	["https://harbour.example.com:8443/a", undefined],
	["https://harbour.example.com.evil.example/a", undefined],
	["ftp://harbour.example.com/a", undefined],
	["//harbour.example.com/a", undefined],
])("of the whole address %s that a proxy writes, %s is where to return", (text, path) => {
	expect(safeReturnPath(withoutOrigin(text, "https://harbour.example.com"))).toBe(path);
});

/** Pieces that addresses and people's tricks are made of. */
const piece = fc.oneof(
	fc.constantFrom("/", "//", "\\", ".", "..", "/./", "/../", "%2e", "%2f", "%5c", "@", ":", "?", "#", "\t"),
	fc.constantFrom("evil.example", "https:", "javascript:", "sign-in", "sign-out", "account", " ", "\0", "ß"),
	fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 4 }),
);
const attempt = fc.oneof(
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc.array(piece, { maxLength: 8 }).map((pieces) => `https://harbour.example.com/${pieces.join("")}`),
	fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`),
	fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
);

test("no text whatever leads to another site, or round to signing in or out again", () => {
	const here = "https://harbour.example.com";
	fc.assert(
		fc.property(attempt, (text) => {
			const path = safeReturnPath(withoutOrigin(text, here));
			if (path === undefined) return;
			// As a browser reads it (WHATWG URL).
			const url = new URL(path, here);
			expect(url.origin).toBe(here);
			expect(path).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
			expect(url.pathname).not.toMatch(/^\/sign-(?:in(?:\/.*)?|out)$/);
			// What was let through once is let through again.
			expect(safeReturnPath(path)).toBe(path);
		}),
		{ numRuns: 20_000 },
	);
});

test("the addresses that guides name never change", () => {
	expect(paths).toMatchObject({
		home: "/",
		signIn: "/sign-in",
		verify: "/sign-in/verify",
		anotherWay: "/sign-in/another-way",
		signInRecoveryCode: "/sign-in/recovery-code",
		signInHelp: "/sign-in/help",
		signOut: "/sign-out",
		forgotPassword: "/forgot-password",
		account: "/account",
		twoStep: "/account/2-step-verification",
		password: "/account/password",
		authCheck: "/auth/check",
		demoInbox: "/demo/inbox",
		changePassword: "/.well-known/change-password",
	});
});
