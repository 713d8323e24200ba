import fc from "fast-check";
import { expect, test } from "vitest";
import { clinicOfHost, SHORT_NAME } from "./host.rule.ts";

const publicHost = "vestibule.example.com";

test("where there is one clinic, any host means it", () => {
	for (const host of ["", "localhost:3000", "evil.example", "\u0000", "[::1]:80"]) {
		expect(clinicOfHost(host, publicHost, "one")).toEqual({ kind: "the-only-clinic" });
	}
});

test.each([
	["harbour.vestibule.example.com", { kind: "clinic", shortName: "harbour" }],
	["HARBOUR.Vestibule.Example.COM:8443", { kind: "clinic", shortName: "harbour" }],
	["harbour.vestibule.example.com.", { kind: "clinic", shortName: "harbour" }],
	["vestibule.example.com", { kind: "choose" }],
	["Vestibule.Example.com:3000", { kind: "choose" }],
	["", { kind: "unknown" }],
	["evil.example", { kind: "unknown" }],
	["vestibule.example.com.evil.example", { kind: "unknown" }],
	["harbourvestibule.example.com", { kind: "unknown" }],
	["a.harbour.vestibule.example.com", { kind: "unknown" }],
	["-harbour.vestibule.example.com", { kind: "unknown" }],
	["harbour@evil.vestibule.example.com", { kind: "unknown" }],
	[".vestibule.example.com", { kind: "unknown" }],
])("where there are many, %s means %o", (host, meaning) => {
	expect(clinicOfHost(host, publicHost, "many")).toEqual(meaning);
});

test("upper case, a port and a dot at the end never change which clinic is meant", () => {
	const name = fc.stringMatching(/^[a-zA-Z0-9-]{1,40}$/);
	fc.assert(
		fc.property(name, fc.option(fc.nat(65_535)), fc.boolean(), (shortName, port, dot) => {
			const host = `${shortName}.${publicHost.toUpperCase()}${dot ? "." : ""}${port === null ? "" : `:${port}`}`;
			const lower = shortName.toLowerCase();
			expect(clinicOfHost(host, publicHost, "many")).toEqual(
				SHORT_NAME.test(lower) ? { kind: "clinic", shortName: lower } : { kind: "unknown" },
			);
		}),
	);
});
