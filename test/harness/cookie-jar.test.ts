import { expect, test } from "vitest";
import { CookieJar } from "./cookie-jar.ts";

const NOW = 1_000_000;

function jarWith(...setCookies: string[]): CookieJar {
	const jar = new CookieJar();
	for (const line of setCookies) jar.keep(line, NOW);
	return jar;
}

test("a cookie is sent back until it is replaced or expired", () => {
	const jar = jarWith("session=one; Path=/; HttpOnly; SameSite=Lax");
	expect(jar.header("from this site", NOW)).toBe("session=one");
	jar.keep("session=two; Path=/; SameSite=Lax", NOW);
	expect(jar.header("from this site", NOW)).toBe("session=two");
	jar.keep("session=; Max-Age=0; Path=/", NOW);
	expect(jar.header("from this site", NOW)).toBe("");
});

test("a cookie with an age ends then, and not with the browser", () => {
	const jar = jarWith("browser=b; Max-Age=60; SameSite=Strict", "session=s; SameSite=Lax");
	jar.dropWhatEndsWithTheBrowser();
	expect(jar.header("from this site", NOW + 59_999)).toBe("browser=b");
	expect(jar.header("from this site", NOW + 60_000)).toBe("");
});

test("a link elsewhere brings no Strict cookie, and a form elsewhere none but those that allow it", () => {
	const jar = jarWith(
		"browser=b; SameSite=Strict",
		"session=s; SameSite=Lax",
		"plain=p",
		"any=a; SameSite=None",
	);
	expect(jar.header("by a link elsewhere", NOW)).toBe("session=s; plain=p; any=a");
	expect(jar.header("by a form elsewhere", NOW)).toBe("any=a");
});

test("a copy goes its own way", () => {
	const jar = jarWith("session=s");
	const copy = jar.copy();
	jar.keep("session=; Max-Age=0", NOW);
	expect(copy.header("from this site", NOW)).toBe("session=s");
});
