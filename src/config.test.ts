import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";
import { Keyring } from "./crypto/keyring.ts";

const key = Keyring.newKey("test");
const enough = {
	DATABASE_URL: "postgres://vestibule:s3cret@db/vestibule",
	VESTIBULE_URL: "https://sign-in.harbour.example",
	VESTIBULE_KEYS: key,
	VESTIBULE_SUPPORT_EMAIL: "privacy@harbour.example",
	VESTIBULE_MAIL_FROM: "Harbour <no-reply@harbour.example>",
};
const errorOf = (changes: Record<string, string | undefined>, options = {}) => {
	try {
		readConfig({ ...enough, ...changes }, options);
	} catch (error) {
		expect(error).toBeInstanceOf(ConfigError);
		return String(error);
	}
	throw new Error("It was accepted");
};

test("what is needed is enough, the rest has its defaults, and nothing can be changed afterwards", () => {
	const config = readConfig(enough);
	expect(config).toMatchObject({
		demo: false,
		host: "127.0.0.1",
		port: 3000,
		secure: true,
		clinics: "one",
		trustedProxies: [],
		logLevel: "info",
		home: undefined,
		smtpUrl: undefined,
	});
	expect(config.url.origin).toBe("https://sign-in.harbour.example");
	expect(Object.isFrozen(config)).toBe(true);
});

test.each([
	["DATABASE_URL", "mysql://db"],
	["DATABASE_URL", "postgres://vestibule@db:port/vestibule"],
	["SMTP_URL", "mail.example"],
	["SMTP_URL", "smtp://mail.example:port"],
	["PORT", "http"],
	["PORT", "0"],
	["PORT", "65536"],
	["VESTIBULE_URL", "sign-in.harbour.example"],
	["VESTIBULE_URL", "http://sign-in.harbour.example"],
	["VESTIBULE_URL", "https://harbour.example/app"],
	["VESTIBULE_URL", "https://user@harbour.example"],
	["VESTIBULE_URL", "ftp://localhost"],
	["VESTIBULE_HOME", "//evil.example"],
	["VESTIBULE_HOME", "/\\evil.example"],
	["VESTIBULE_HOME", "https://app.example"],
	["VESTIBULE_HOME", "/"],
	["VESTIBULE_HOME", "/sign-in"],
	["VESTIBULE_CLINICS", "two"],
	["VESTIBULE_KEYS", "test:short"],
	["VESTIBULE_SUPPORT_EMAIL", "privacy"],
	["VESTIBULE_KEYS_FILE", "/no/such/keys"],
	["VESTIBULE_MAIL_FROM", ""],
	["VESTIBULE_MAIL_FROM", "Harbour Physio"],
	["VESTIBULE_MAIL_FROM", "Harbour Physio <>"],
	["VESTIBULE_MAIL_FROM", "Harbour <a@harbour.example>, b@harbour.example"],
	["VESTIBULE_TRUSTED_PROXIES", "my-proxy"],
	["VESTIBULE_TRUSTED_PROXIES", "10.0.0.5;10.0.0.6"],
	["VESTIBULE_TRUSTED_PROXIES", "10.0.0"],
	["VESTIBULE_TRUSTED_PROXIES", "10.0.0.256"],
	["VESTIBULE_TRUSTED_PROXIES", "10.0.0.0/33"],
	["VESTIBULE_TRUSTED_PROXIES", "10.0.0.0/8/8"],
	// Everybody could say which address they come from.
	["VESTIBULE_TRUSTED_PROXIES", "0.0.0.0/0"],
	["VESTIBULE_TRUSTED_PROXIES", "::/0"],
	["VESTIBULE_LOG_LEVEL", "loud"],
	["VESTIBULE_SMS_COUNTRIES", "Canada"],
	["VESTIBULE_SMS_COUNTRIES", "CA;US"],
	["VESTIBULE_SMS_COUNTRIES", ","],
	["VESTIBULE_SMS_CLINIC_CEILING", "0"],
	["VESTIBULE_SMS_CLINIC_CEILING", "many"],
	["VESTIBULE_SMS_CLINIC_CEILING", "1.5"],
])("a wrong %s (%j) stops the start, with its name", (name, value) => {
	const keys = name === "VESTIBULE_KEYS_FILE" ? { VESTIBULE_KEYS: "" } : {};
	const sentences = errorOf({ ...keys, [name]: value }).split("\n");
	expect(sentences).toEqual([
		expect.stringMatching(new RegExp(`${name} (must|is missing)|${name}: Each key`)),
	]);
});

test("many clinics stand before a host's name, which an address has not", () => {
	for (const url of ["https://192.0.2.1", "https://[2001:db8::1]"]) {
		expect(errorOf({ VESTIBULE_URL: url, VESTIBULE_CLINICS: "many" })).toContain("VESTIBULE_URL must have a");
		expect(readConfig({ ...enough, VESTIBULE_URL: url }).url.origin).toBe(url);
	}
});

test.each([
	["DATABASE_URL", "postgres://vestibule:s%40cret@/vestibule?host=/var/run/postgresql"],
	["DATABASE_URL", "postgres:///vestibule"],
	["VESTIBULE_MAIL_FROM", "no-reply@harbour.example"],
	["VESTIBULE_MAIL_FROM", '"Physio, Harbour" <no-reply@harbour.example>'],
	["VESTIBULE_HOME", "/app/?day=1#today"],
])("%s may be %j", (name, value) => {
	expect(readConfig({ ...enough, [name]: value })).toBeTruthy();
});

test("a missing setting is named with what it should be, and an empty one counts as missing", () => {
	for (const missing of [undefined, ""]) {
		for (const name of ["VESTIBULE_SUPPORT_EMAIL", "DATABASE_URL", "VESTIBULE_MAIL_FROM"]) {
			expect(errorOf({ [name]: missing })).toMatch(
				new RegExp(`${name} is missing. It must be: (the|sqlite)`),
			);
		}
		expect(errorOf({ VESTIBULE_KEYS: missing })).toContain("vestibule keys new");
	}
});

test("everything that is wrong is said at once, and no value is", () => {
	const error = errorOf({
		DATABASE_URL: "mysql://root:s3cret@db",
		SMTP_URL: "s3cret",
		VESTIBULE_LOG_LEVEL: "s3cret",
	});
	for (const name of ["DATABASE_URL", "SMTP_URL", "VESTIBULE_LOG_LEVEL"]) expect(error).toContain(name);
	expect(error).not.toContain("s3cret");
});

test("keys come from a file as well, and never print", () => {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-keys-"));
	const file = join(folder, "keys");
	writeFileSync(file, `${key}\n`);
	const config = readConfig({ ...enough, VESTIBULE_KEYS: undefined, VESTIBULE_KEYS_FILE: file });
	expect(config.keyring.currentId).toBe("test");
	expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain(key.split(":")[1]);
	rmSync(folder, { recursive: true });
	expect(errorOf({ VESTIBULE_KEYS: undefined, VESTIBULE_KEYS_FILE: file })).toContain("VESTIBULE_KEYS_FILE");
});

test("plain http is for this computer only", () => {
	for (const url of [
		"http://localhost:3000",
		"http://127.0.0.1",
		"http://[::1]:3000",
		"http://harbour.localhost",
	]) {
		expect(readConfig({ ...enough, VESTIBULE_URL: url }).secure).toBe(false);
	}
	for (const url of ["http://10.0.0.5", "http://localhost.evil.example", "http://127.0.0.1.evil.example"]) {
		expect(errorOf({ VESTIBULE_URL: url })).toContain("https://");
	}
});

const twilioSettings = {
	VESTIBULE_TWILIO_ACCOUNT_SID: `AC${"0a".repeat(16)}`,
	VESTIBULE_TWILIO_AUTH_TOKEN: "s3cret-token-of-twilio",
	VESTIBULE_TWILIO_FROM: "+16045550199",
};
const gatewaySettings = {
	VESTIBULE_HTTP_SMS_URL: "https://sms.harbour.example/send",
	VESTIBULE_HTTP_SMS_SECRET: "s3cret-between-us-and-the-gateway-alone",
};
const both = { ...twilioSettings, ...gatewaySettings };

test("providers of text messages are asked in the order they are named in, and their secrets never print", () => {
	expect(readConfig({ ...enough, ...both }).textProviders).toEqual([]);
	const config = readConfig({ ...enough, ...both, VESTIBULE_SMS_PROVIDERS: "http, twilio" });
	expect(config.textProviders).toMatchObject([
		{ name: "http", url: "https://sms.harbour.example/send" },
		{ name: "twilio", sender: { from: "+16045550199" }, url: "https://api.twilio.com" },
	]);
	expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toContain("s3cret-");
	expect(readConfig({ VESTIBULE_KEYS: key }, { demo: true }).textProviders).toEqual([{ name: "inbox" }]);
});

test.each([
	["VESTIBULE_SMS_PROVIDERS", { VESTIBULE_SMS_PROVIDERS: "vonage" }],
	["VESTIBULE_SMS_PROVIDERS", { VESTIBULE_SMS_PROVIDERS: "twilio,twilio" }],
	// The demo's inbox shows every code to whoever looks.
	["VESTIBULE_SMS_PROVIDERS", { VESTIBULE_SMS_PROVIDERS: "inbox" }],
	["VESTIBULE_TWILIO_ACCOUNT_SID", { VESTIBULE_TWILIO_ACCOUNT_SID: undefined }],
	["VESTIBULE_TWILIO_ACCOUNT_SID", { VESTIBULE_TWILIO_ACCOUNT_SID: "s3cret" }],
	["VESTIBULE_TWILIO_AUTH_TOKEN", { VESTIBULE_TWILIO_AUTH_TOKEN: undefined }],
	["VESTIBULE_TWILIO_FROM", { VESTIBULE_TWILIO_FROM: undefined }],
	["VESTIBULE_TWILIO_FROM", { VESTIBULE_TWILIO_FROM: "604 555 0199" }],
	["only one of them", { VESTIBULE_TWILIO_MESSAGING_SERVICE_SID: `MG${"0a".repeat(16)}` }],
	["VESTIBULE_TWILIO_URL", { VESTIBULE_TWILIO_URL: "http://twilio.example" }],
	["VESTIBULE_HTTP_SMS_URL", { VESTIBULE_HTTP_SMS_URL: undefined }],
	["VESTIBULE_HTTP_SMS_URL", { VESTIBULE_HTTP_SMS_URL: "http://10.0.0.5/send" }],
	["VESTIBULE_HTTP_SMS_SECRET", { VESTIBULE_HTTP_SMS_SECRET: undefined }],
	["VESTIBULE_HTTP_SMS_SECRET", { VESTIBULE_HTTP_SMS_SECRET: "s3cret" }],
])("a provider without its settings stops the start, with the name of the one (%s, %#)", (name, mistake) => {
	const error = errorOf({ VESTIBULE_SMS_PROVIDERS: "twilio,http", ...both, ...mistake });
	expect(error).toContain(name);
	expect(error).not.toContain("s3cret");
});

test("text messages go to Canada and the United States, 1000 a day for one clinic, unless told otherwise", () => {
	expect(readConfig(enough)).toMatchObject({ textCountries: ["CA", "US"], textCeiling: 1000 });
	const told = { VESTIBULE_SMS_COUNTRIES: " ca,GB ,", VESTIBULE_SMS_CLINIC_CEILING: "50" };
	const config = readConfig({ ...enough, ...told });
	expect(config).toMatchObject({ textCountries: ["CA", "GB"], textCeiling: 50 });
	expect(Object.isFrozen(config.textCountries)).toBe(true);
});

test("activity is kept for 6 years, unless told otherwise, and never for less than one", () => {
	expect(readConfig(enough).activityYears).toBe(6);
	expect(readConfig({ ...enough, VESTIBULE_ACTIVITY_YEARS: "10" }).activityYears).toBe(10);
	for (const wrong of ["0", "-1", "1.5", "six", "101"]) {
		expect(errorOf({ VESTIBULE_ACTIVITY_YEARS: wrong })).toContain(
			"VESTIBULE_ACTIVITY_YEARS must be: a whole number of years",
		);
	}
});

test("trusted proxies are addresses and networks", () => {
	const config = readConfig({ ...enough, VESTIBULE_TRUSTED_PROXIES: " 10.0.0.5, 172.16.0.0/12,fd00::/8 ," });
	expect(config.trustedProxies).toEqual(["10.0.0.5", "172.16.0.0/12", "fd00::/8"]);
});

test("the demo needs nothing but keys, and runs on this computer only", () => {
	const alone = { VESTIBULE_KEYS: key };
	expect(readConfig(alone, { demo: true })).toMatchObject({ demo: true, secure: false });
	const mistakes = [
		{ NODE_ENV: "production" },
		{ HOST: "0.0.0.0" },
		{ VESTIBULE_URL: "https://sign-in.harbour.example" },
		{ VESTIBULE_URL: "http://10.0.0.5" },
	];
	for (const mistake of mistakes) {
		expect(() => readConfig({ ...alone, ...mistake }, { demo: true })).toThrow(/this computer only/);
	}
	// Without --demo nothing of it is taken for granted.
	expect(() => readConfig(alone)).toThrow(ConfigError);
});
