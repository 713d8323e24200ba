import { expect, test } from "vitest";
import { readUserAgent } from "./user-agent.ts";

const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0";

test.each([
	[
		"Safari on iPhone",
		"ios",
		`Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`,
	],
	[
		"Safari on iPad",
		"ios",
		`Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ${webkit} Version/12.1 Mobile/15E148 Safari/604.1`,
	],
	["Chrome on Android", "android", `Mozilla/5.0 (Linux; Android 10; K) ${chrome} Mobile Safari/537.36`],
	[
		"Safari on macOS",
		"macos",
		`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.5 Safari/605.1.15`,
	],
	["Chrome on Windows", "other", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`],
	["", "other", "x"],
	["", "other", undefined],
])("%s is read from what it says of itself", (name, system, userAgent) => {
	expect(readUserAgent(userAgent)).toEqual({ name, system });
});

test.each([
	["", "Your account is locked. Call +1 800 555 0199 now/1 x"],
	["Windows", "See https://harbour.evil.example now/1 (Windows NT 10.0)"],
	["", "\u009b31mRed\u0085line/1 x"],
])("words of a stranger's own are no browser's name, but %j", (name, userAgent) => {
	expect(readUserAgent(userAgent).name).toBe(name);
});

test("what a stranger sends as a browser's name is short", () => {
	expect(readUserAgent(`${"Mozilla/5.0 ".repeat(10_000)}Firefox/1`).name.length).toBeLessThanOrEqual(60);
});
