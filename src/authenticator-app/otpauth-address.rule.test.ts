import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appleOtpauthAddress, otpauthAddress, setupKeyInGroups } from "./otpauth-address.rule.ts";
import { AuthenticatorSecret } from "./secret.ts";

const THE_ONE_FORM =
	/^otpauth:\/\/totp\/([A-Za-z0-9.-]{2,30}):[A-Za-z0-9._~%-]+\?secret=[A-Z2-7]{32}&issuer=\1$/;
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const secret = AuthenticatorSecret.read(SECRET);

const clinicNames = [
	"Harbour Physio",
	"Clinique Élan Santé",
	"St. Mary's & O'Brien’s",
	"Bones & Joints #1 (100% you?)",
	"The Very Long Name of an Association of Independent Physiotherapists of the Lower Mainland",
	"みなと理学療法クリニック",
	"☀️ 🦴 ☀️",
	"!!! --- ...",
	"Steam",
	"Late period",
	"A clinic whose name ends in period",
	"Otpauth://totp/x:y?secret=AAAA&issuer=z",
	"",
];
const emails = [
	"avery@harbour.example",
	"avery+desk@harbour.example",
	"o'brien&sons@harbour.example",
	"what#is/this?50%:off=(yes)!*@harbour.example",
	`${"long".repeat(20)}@harbour.example`,
	"山田太郎山田太郎山田太郎山田太郎@みなと.example",
	"élodie.ünïcödé@clinique.example",
	"🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴🦴@harbour.example",
	"a secret=b&issuer=c period@harbour.example",
];
const accounts = clinicNames.flatMap((clinicName) =>
	emails.map((email) => ({ clinicName, shortName: "harbour", email, secret })),
);
const addresses = accounts.map(otpauthAddress);

/** Splits at every character that could stand there, with no more knowledge than a scanner app has. */
function split(address: string) {
	const [beforeQuery = "", query = "", ...moreQueries] = address.split("?");
	const segments = beforeQuery.replace("otpauth://totp/", "").split("/");
	const parameters = query.split("&").map((pair) => pair.split("="));
	return {
		label: segments[0] ?? "",
		segments,
		moreQueries,
		names: parameters.map(([name]) => name),
		parameters,
	};
}

const issuerOf = (clinicName: string, shortName = "harbour") =>
	split(otpauthAddress({ clinicName, shortName, email: "a@b.example", secret })).label.split(":")[0];
const accountOf = (email: string, clinicName = "Harbour Physio") =>
	decodeURIComponent(
		split(otpauthAddress({ clinicName, shortName: "harbour", email, secret })).label.split(":")[1] ?? "",
	);

describe("the one form that every app accepts", () => {
	test("is written exactly so", () => {
		const account = { clinicName: "Harbour Physio", shortName: "harbour", email: "avery@harbour.example" };
		expect(otpauthAddress({ ...account, secret })).toBe(
			`otpauth://totp/HarbourPhysio:avery%40harbour.example?secret=${SECRET}&issuer=HarbourPhysio`,
		);
	});

	test("holds for awkward names", () => {
		for (const address of addresses) expect(address).toMatch(THE_ONE_FORM);
	});

	test("holds for any clinic, email and secret", () => {
		const shortNames = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
		const anyEmail = fc.string({ unit: "binary", minLength: 1 }).filter((email) => email.trim() !== "");
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), shortNames, anyEmail, (clinicName, shortName, email) => {
				const address = otpauthAddress({ clinicName, shortName, email, secret: AuthenticatorSecret.fresh() });
				expect(address).toMatch(THE_ONE_FORM);
				const [issuer = ""] = split(address).label.split(":");
				expect(issuer).not.toMatch(/^steam$|period$/i);
				const name = decodeURIComponent(split(address).label);
				expect(Buffer.byteLength(name)).toBeLessThanOrEqual(64);
			}),
			{ numRuns: 500 },
		);
	});

	test("keeps as much of the email as 64 bytes hold, whole characters only", () => {
		const clean = fc.string({ unit: fc.constantFrom(..."ab@.é山🦴"), minLength: 1, maxLength: 120 });
		fc.assert(
			fc.property(clean, (email) => {
				const kept = accountOf(email);
				const next = [...email.slice(kept.length)][0];
				expect(email.startsWith(kept)).toBe(true);
				const room = 64 - Buffer.byteLength("HarbourPhysio:");
				expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(room);
				if (next) expect(Buffer.byteLength(kept + next)).toBeGreaterThan(room);
			}),
		);
	});

	test.each([
		["Harbour Physio", "HarbourPhysio"],
		["harbour physio inc.", "HarbourPhysioInc"],
		["Clinique Élan Santé", "CliniqueElanSante"],
		["Cœur & Ødegård", "CoeurOdegard"],
		["St. Mary's", "St.Marys"],
		["ＭＩＮＡＴＯ 理学療法", "MINATO"],
		["みなと", "harbour"],
		["!!! --- ...", "harbour"],
		["", "harbour"],
		["X", "harbour"],
		["Steam", "SteamClinic"],
		["STEAM", "STEAMClinic"],
		["Late period", "LatePeriodClinic"],
		["The Honourable Clinic of Period", "TheHonourableClinicOfPerClinic"],
	])("a clinic named “%s” is %s in the app", (clinicName, issuer) =>
		expect(issuerOf(clinicName)).toBe(issuer),
	);

	test.each([
		["steam", "steamClinic"],
		["late-period", "late-periodClinic"],
		["a", "aClinic"],
		["a-short-name-as-long-as-short-names-go", "a-short-name-as-long-as-short"],
	])("the short name “%s” is %s where nothing of the name is left", (shortName, issuer) =>
		expect(issuerOf("みなと", shortName)).toBe(issuer),
	);

	test("each of : / ? # & % in an email becomes _", () =>
		expect(accountOf("a:b/c?d#e&f%g@harbour.example")).toBe("a_b_c_d_e_f_g@harbour.example"));
});

describe("each app's own rule holds for every address", () => {
	const each = (check: (address: string, account: (typeof accounts)[number]) => void) => () => {
		for (const account of accounts) check(otpauthAddress(account), account);
	};
	/** SHA1, 6 digits and 30 seconds are what every reader takes when nothing is said. */
	const saysOnlySecretAndIssuer = (address: string) =>
		expect(split(address).names).toEqual(["secret", "issuer"]);

	test("Apple Passwords: the secret is not empty, and on this device the issuer is the site's domain", () => {
		for (const address of addresses) expect(split(address).parameters[0]).toEqual(["secret", SECRET]);
		for (const email of emails) {
			const address = appleOtpauthAddress({ domain: "sign-in.harbour.example", email, secret });
			expect(address).toMatch(
				/^apple-otpauth:\/\/totp\/(sign-in\.harbour\.example):[A-Za-z0-9._~%-]+\?secret=[A-Z2-7]{32}&issuer=\1$/,
			);
			expect(decodeURIComponent(address.split(":")[2]?.split("?")[0] ?? "")).toBe(
				email.replaceAll(/[:/?#&%]/g, "_"),
			);
		}
	});

	test(
		"Microsoft Authenticator: SHA1 and 6 digits go unsaid, the label carries the issuer, no plus stands in it",
		each((address) => {
			saysOnlySecretAndIssuer(address);
			const [issuer, account] = split(address).label.split(":");
			expect(issuer).toBe(split(address).parameters[1]?.[1]);
			expect(account).not.toBe("");
			expect(address).not.toContain("+");
		}),
	);

	test(
		"Authy: SHA1 and 30 seconds go unsaid, the label is percent-encoded, the issuer has no space",
		each((address) => {
			saysOnlySecretAndIssuer(address);
			expect(split(address).label).toMatch(/^[\w.~:-]+(%[0-9A-F]{2}[\w.~-]*)*$/);
			expect(decodeURIComponent(split(address).parameters[1]?.[1] ?? " ")).not.toMatch(/\s/);
		}),
	);

	test(
		"Google Authenticator: label, issuer and secret say it all, the key has no = and a multiple of 8 characters",
		each((address) => {
			saysOnlySecretAndIssuer(address);
			const key = split(address).parameters[0]?.[1] ?? "";
			expect(address.split("=")).toHaveLength(3);
			expect(key.length % 8).toBe(0);
			expect(setupKeyInGroups(AuthenticatorSecret.read(key)).join("")).toBe(key);
		}),
	);

	test("Zoho OneAuth: SHA1, 6 digits and 30 seconds go unsaid", each(saysOnlySecretAndIssuer));

	test(
		"1Password: nothing says SHA-1",
		each((address) => expect(address).not.toMatch(/algorithm|sha-?1/i)),
	);

	test(
		"Bitwarden: no algorithm, one path segment, and an issuer",
		each((address) => {
			saysOnlySecretAndIssuer(address);
			expect(split(address).segments).toHaveLength(1);
			expect(split(address).parameters[1]?.[1]).toMatch(/./);
		}),
	);

	test(
		"LastPass Authenticator: a plus in an email is never written as one",
		each((address, { email }) => {
			expect(address).not.toContain("+");
			if (email.includes("+")) expect(address).toContain("%2B");
		}),
	);

	test(
		"Aegis: one colon, so the issuer is not lost",
		each((address) => expect(decodeURIComponent(split(address).label).split(":")).toHaveLength(2)),
	);

	test(
		"2FAS: decoded as a whole it reads the same, with one question mark and no period",
		each((address) => {
			const decoded = decodeURIComponent(address);
			expect(decoded.split("?")).toHaveLength(2);
			expect(decoded).not.toContain("#");
			const { label, names, parameters, segments } = split(decoded);
			expect(segments).toHaveLength(1);
			expect(label).toBe(decodeURIComponent(split(address).label));
			expect(names).toEqual(["secret", "issuer"]);
			expect(parameters).toEqual(split(address).parameters);
		}),
	);

	test(
		"Ente Auth: no issuer ends in “period”",
		each((address) => expect(address).not.toMatch(/period$/i)),
	);

	test(
		"KeePassXC: no algorithm that it would take for SHA1 in silence, and nothing of Steam",
		each((address) => {
			expect(split(address).names).not.toContain("algorithm");
			expect(split(address).names).not.toContain("encoder");
			expect(split(address).label).not.toMatch(/^steam:/i);
		}),
	);

	test(
		"Yubico Authenticator: nothing says SHA-1, and the name has at most 64 bytes",
		each((address) => {
			expect(address).not.toMatch(/algorithm/i);
			expect(Buffer.byteLength(decodeURIComponent(split(address).label))).toBeLessThanOrEqual(64);
		}),
	);

	test(
		"FreeOTP: no second colon, not even an encoded one, and no space after the first",
		each((address) => {
			expect(address).not.toMatch(/%3A/i);
			expect(decodeURIComponent(split(address).label)).toMatch(/^[^:]+:[^:\s]/);
		}),
	);
});

test("the setup key is eight groups of four", () => {
	expect(setupKeyInGroups(secret).join(" ")).toBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
});

test("a secret is 20 random bytes, new each time, and does not print", () => {
	const secrets = Array.from({ length: 500 }, () => AuthenticatorSecret.fresh().reveal());
	expect(new Set(secrets).size).toBe(500);
	for (const each of secrets) expect(each).toMatch(/^[A-Z2-7]{32}$/);
	expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain("GEZD");
	expect(() => AuthenticatorSecret.read("GEZDGNBV")).toThrow();
});
