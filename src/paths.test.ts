import { expect, test } from "vitest";
import { safeReturnPath, signInThen } from "./paths.ts";

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
