import fc from "fast-check";
import { expect, test } from "vitest";
import { PlainToken } from "../crypto/tokens.ts";
import { readCookies, writeCookie } from "./cookies.ts";

const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

const token = PlainToken.fresh();

test("over https each cookie is bound to this very host, out of reach of scripts", () => {
	expect(writeCookie({ name: "session", token }, true)).toBe(
		`__Host-vestibule-session=${token.reveal()}; Path=/; HttpOnly; Secure; SameSite=Lax`,
	);
	expect(writeCookie({ name: "sign-in", token }, true)).toBe(
		`__Host-vestibule-sign-in=${token.reveal()}; Path=/; HttpOnly; Secure; SameSite=Lax`,
	);
	expect(writeCookie({ name: "browser", token }, true)).toBe(
		`__Host-vestibule-browser=${token.reveal()}; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Strict`,
	);
});

test("on plain localhost the names have no prefix and nothing says Secure", () => {
	expect(writeCookie({ name: "session", token }, false)).toBe(
		`vestibule-session=${token.reveal()}; Path=/; HttpOnly; SameSite=Lax`,
	);
});

test("a cookie without a token expires at once", () => {
	expect(writeCookie({ name: "browser", token: undefined }, true)).toBe(
		"__Host-vestibule-browser=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict",
	);
});

test("what was set is read back, and only under the name that this address uses", () => {
	for (const secure of [true, false]) {
		const header = (["session", "sign-in", "browser"] as const)
			.map((name) => writeCookie({ name, token }, secure).split(";")[0])
			.join("; ");
		const read = readCookies(header, secure);
		for (const name of ["session", "sign-in", "browser"] as const) {
			expect(read[name]?.reveal()).toBe(token.reveal());
			// A cookie of plain http, which another host of the domain could have set, is none over https.
			expect(readCookies(header, !secure)[name]).toBeUndefined();
		}
	}
});

test("any other Cookie header opens nothing and breaks nothing", () => {
	const garbage = fc.array(
		fc.constantFrom("vestibule-session", "=", ";", "%", "%zz", " ", '"', "__proto__", "é", "a"),
	);
	fc.assert(
		fc.property(
			fc.oneof(
				anyText,
				garbage.map((parts) => parts.join("")),
			),
			(header) => {
				expect(readCookies(header, false)).toEqual({
					session: undefined,
					"sign-in": undefined,
					browser: undefined,
				});
			},
		),
	);
	expect(readCookies(undefined, true).session).toBeUndefined();
});
