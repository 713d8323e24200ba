import type { AuthenticatorSecret } from "./secret.ts";

const LONGEST_ISSUER = 30;
/** Issuer, colon and account together, in bytes of UTF-8: a hardware key keeps no more (Yubico Authenticator). */
const LONGEST_NAME_BYTES = 64;

/** Letters that stay one letter when accents are taken off. */
const SPELLED_OUT: Record<string, string> = {
	Æ: "AE",
	æ: "ae",
	Đ: "D",
	đ: "d",
	Ł: "L",
	ł: "l",
	Œ: "OE",
	œ: "oe",
	Ø: "O",
	ø: "o",
	ß: "ss",
};

/**
 * The address in the QR code, in the one form that every authenticator app reads: the issuer twice and without a
 * space, the account percent-encoded, nothing but secret and issuer after the question mark. Algorithm, digits and
 * period are left out: all readers take SHA-1, 6 and 30 then, and several misread them when they are there.
 * (Google Authenticator's "Key Uri Format".)
 *
 * @param shortName `[a-z0-9-]{1,40}`, the issuer of last resort
 * @param email not empty
 */
export function otpauthAddress(account: {
	clinicName: string;
	shortName: string;
	email: string;
	secret: AuthenticatorSecret;
}): string {
	const issuer = issuerOf(account.clinicName, account.shortName);
	const name = cut(accountOf(account.email), LONGEST_NAME_BYTES - issuer.length - 1);
	return address("otpauth", issuer, name, account.secret);
}

/**
 * The same for Apple Passwords on this device, which fills codes in where the issuer is the site's domain
 * (Apple, "Securing Logins with iCloud Keychain Verification Codes").
 *
 * @param domain as `sign-in.clinic.example`
 * @param email not empty
 */
export function appleOtpauthAddress(account: {
	domain: string;
	email: string;
	secret: AuthenticatorSecret;
}): string {
	return address("apple-otpauth", encode(account.domain), accountOf(account.email), account.secret);
}

/** The key as people type it, in groups of four characters. */
export function setupKeyInGroups(secret: AuthenticatorSecret): string[] {
	return secret.reveal().match(/.{4}/g) ?? [];
}

function address(scheme: string, issuer: string, account: string, secret: AuthenticatorSecret): string {
	return `${scheme}://totp/${issuer}:${encode(account)}?secret=${secret.reveal()}&issuer=${issuer}`;
}

/** One token `[A-Za-z0-9.-]{2,30}` that is the clinic's name, or its short name where nothing of it is left. */
function issuerOf(clinicName: string, shortName: string): string {
	const token = [tokenOf(clinicName), shortName].map(cutIssuer).find((name) => name.length >= 2);
	if (token === undefined) return `${shortName}Clinic`;
	return isMisread(token) ? `${token.slice(0, LONGEST_ISSUER - "Clinic".length)}Clinic` : token;
}

function tokenOf(clinicName: string): string {
	return [...clinicName.normalize("NFKD")]
		.map((letter) => SPELLED_OUT[letter] ?? letter)
		.join("")
		.replaceAll(/[\p{M}'’]/gu, "")
		.split(/[^A-Za-z0-9.-]+/)
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join("")
		.replace(/^[.-]+/, "");
}

function cutIssuer(token: string): string {
	return token.slice(0, LONGEST_ISSUER).replace(/[.-]+$/, "");
}

/** "Steam" makes some apps draw Steam's own five-letter codes; Ente takes "period" off the end of an issuer. */
function isMisread(issuer: string): boolean {
	return /^steam$|period$/i.test(issuer);
}

/** 2FAS for Android reads `%3F`, `%23` and `%26` as if they stood there plainly; a second colon loses the issuer. */
function accountOf(email: string): string {
	return email
		.toWellFormed()
		.trim()
		.replaceAll(/[:/?#&%]/g, "_");
}

/** As many whole characters from the start as fit into so many bytes of UTF-8. */
function cut(text: string, mostBytes: number): string {
	const utf8 = new TextEncoder();
	let bytes = 0;
	let kept = "";
	for (const character of text) {
		bytes += utf8.encode(character).length;
		if (bytes > mostBytes) break;
		kept += character;
	}
	return kept;
}

/** Percent-encodes everything but the unreserved characters (RFC 3986, 2.3). */
function encode(text: string): string {
	return encodeURIComponent(text).replaceAll(
		/[!'()*]/g,
		(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
