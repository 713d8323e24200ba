import { expect, test } from "vitest";
import { isFromThisOrigin } from "./same-origin.rule.ts";

const own = "https://sign-in.harbour.example";

test.each(["GET", "HEAD", "OPTIONS"])("%s changes nothing, so it may come from anywhere", (method) => {
	expect(isFromThisOrigin(method, "cross-site", "https://evil.example", own)).toBe(true);
});

test.each<[string, string | undefined, string | undefined, boolean]>([
	["a form of this site", "same-origin", own, true],
	["an address typed or a bookmark", "none", undefined, true],
	["a form of another site", "cross-site", "https://evil.example", false],
	["a form of another host of the same domain", "same-site", "https://other.harbour.example", false],
	["a form of another site that claims our origin", "cross-site", own, false],
	["a word that browsers do not send", "SAME-ORIGIN", own, false],
	["an older browser on this site", undefined, own, true],
	["an older browser on another site", undefined, "https://evil.example", false],
	["an older browser that hides where it comes from", undefined, "null", false],
	["an older browser on plain http", undefined, own.replace("https", "http"), false],
	["an older browser on another port", undefined, `${own}:8443`, false],
	["a program that says nothing", undefined, undefined, false],
	["an empty header", "", own, false],
])("a POST of %s (Sec-Fetch-Site %s, Origin %s): %s", (_who, site, origin, mayChange) => {
	for (const method of ["POST", "PUT", "PATCH", "DELETE", "post", "PROPFIND"]) {
		expect(isFromThisOrigin(method, site, origin, own)).toBe(mayChange);
	}
});
