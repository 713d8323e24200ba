import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { isSupportedCountry } from "libphonenumber-js/max";
import { z } from "zod";
import { Keyring } from "./crypto/keyring.ts";
import { SharedSecret } from "./crypto/shared-secret.ts";
import { paths, safeReturnPath } from "./paths.ts";

/** Everything the operator can set, parsed once from the environment. Frozen. The README has the table. */
export type Config = Readonly<{
	/** The demo: loopback only, its own data, an inbox page. Set by `--demo`, not by the environment. */
	demo: boolean;
	databaseUrl: string;
	smtpUrl: string | undefined;
	mailFrom: string;
	/** Who takes text messages, in the order in which they are asked. Without one the method is not offered. */
	textProviders: readonly TextProvider[];
	/** Where text messages may go, ISO 3166-1 alpha-2. */
	textCountries: readonly string[];
	/** The most text messages that are sent for one clinic in a day. */
	textCeiling: number;
	host: string;
	port: number;
	/** The public address, without a slash at the end. */
	url: URL;
	secure: boolean;
	/** Where a signed-in person goes from `/`: the clinic's software. */
	home: string | undefined;
	clinics: "one" | "many";
	keyring: Keyring;
	/** Where the key ring was read from; undefined where that is `VESTIBULE_KEYS`. */
	keysFile: string | undefined;
	supportEmail: string;
	trustedProxies: readonly string[];
	/** For how many years the activity is kept. */
	activityYears: number;
	logLevel: "debug" | "info" | "warn" | "error" | "silent";
}>;

/** A provider of text messages as the operator set it. `inbox` is the demo's. */
export type TextProvider = TwilioSettings | HttpGatewaySettings | { name: "inbox" };
export type TwilioSettings = Readonly<{
	name: "twilio";
	accountSid: string;
	authToken: SharedSecret;
	/** A number, or a service that chooses one. */
	sender: { from: string } | { messagingServiceSid: string };
	/** Where its API is, without a slash at the end. */
	url: string;
}>;
export type HttpGatewaySettings = Readonly<{ name: "http"; url: string; secret: SharedSecret }>;

/** A setting that is missing or wrong: its name and what it should be, and nothing of its value. */
export class ConfigError extends Error {
	override name = "ConfigError";
}

const demoDefaults = {
	DATABASE_URL: "sqlite:data/vestibule.db",
	VESTIBULE_KEYS_FILE: "data/keys",
	VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
	VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
	VESTIBULE_SMS_PROVIDERS: "inbox",
};

/** What a code and its sentence leave of a text message. */
const LONGEST_HOST = 100;
/** With its dot. */
const LONGEST_SHORT_NAME = 41;

const DATABASES = "sqlite:path/to/file.db or postgres://user@host/database";
const MAIL_SERVER = "smtp://user:password@host:port or smtps://…";
const HOME = "a path of the clinic's software, as /app: none that leads to signing in";
const CEILING = "a whole number of messages a day, 1 or more, as 1000";
const NETWORKS = "addresses or networks of the proxies alone, separated by commas, as 10.0.0.5,172.16.0.0/12";
const PROVIDERS = "twilio, http, or both in the order to ask them, as twilio,http (inbox is the demo's)";
const GATEWAY =
	"the address of a gateway, as https://sms.clinic.example/send (only localhost may use http://)";
const YEARS = "a whole number of years, 1 to 100, as 6";
const SENDER = "the sender of emails, as Vestibule <no-reply@clinic.example>";

const schema = z.object({
	DATABASE_URL: z.string(DATABASES).refine(isDatabase, DATABASES),
	SMTP_URL: z
		.string()
		.regex(/^smtps?:\/\/.+/, { error: MAIL_SERVER, abort: true })
		.refine((text) => URL.canParse(text), MAIL_SERVER)
		.optional(),
	HOST: z.string().default("127.0.0.1"),
	PORT: z.coerce.number("a port, 1 to 65535").int().min(1).max(65_535).default(3000),
	VESTIBULE_URL: z.url("the public address, as https://sign-in.clinic.example").optional(),
	VESTIBULE_HOME: z
		.string()
		.refine((path) => (safeReturnPath(path) ?? paths.home) !== paths.home, HOME)
		.optional(),
	VESTIBULE_CLINICS: z.enum(["one", "many"], "one or many").default("one"),
	VESTIBULE_KEYS: z.string().optional(),
	VESTIBULE_KEYS_FILE: z.string().optional(),
	VESTIBULE_SUPPORT_EMAIL: z.email("the address of your Privacy and Security team"),
	VESTIBULE_MAIL_FROM: z.string(SENDER).refine(isSender, SENDER),
	VESTIBULE_SMS_PROVIDERS: z
		.string()
		.default("")
		.transform(commaSeparated)
		.pipe(z.array(z.enum(["twilio", "http", "inbox"], PROVIDERS)))
		.refine((names) => new Set(names).size === names.length, PROVIDERS),
	VESTIBULE_TWILIO_ACCOUNT_SID: z
		.string()
		.regex(/^AC[0-9a-f]{32}$/, "the Account SID, AC and 32 characters")
		.optional(),
	VESTIBULE_TWILIO_AUTH_TOKEN: z.string().optional(),
	VESTIBULE_TWILIO_FROM: z
		.string()
		.regex(/^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 &+_-]{1,11})$/, "a number you hold there, as +16045550100")
		.optional(),
	VESTIBULE_TWILIO_MESSAGING_SERVICE_SID: z
		.string()
		.regex(/^MG[0-9a-f]{32}$/, "the SID of a Messaging Service, MG and 32 characters")
		.optional(),
	VESTIBULE_TWILIO_URL: z
		.url({ error: GATEWAY, abort: true })
		.refine(isEncryptedOrLocal, GATEWAY)
		.default("https://api.twilio.com"),
	VESTIBULE_HTTP_SMS_URL: z
		.url({ error: GATEWAY, abort: true })
		.refine(isEncryptedOrLocal, GATEWAY)
		.optional(),
	VESTIBULE_HTTP_SMS_SECRET: z.string().min(32, "at least 32 random characters").optional(),
	VESTIBULE_SMS_COUNTRIES: z
		.string()
		.default("CA,US")
		.transform((text) => commaSeparated(text.toUpperCase()))
		.refine(
			(countries) => countries.length > 0 && countries.every((country) => isSupportedCountry(country)),
			"the countries that text messages may go to, two letters each, as CA,US",
		),
	VESTIBULE_SMS_CLINIC_CEILING: z.coerce.number(CEILING).int(CEILING).min(1, CEILING).default(1000),
	VESTIBULE_TRUSTED_PROXIES: z
		.string()
		.default("")
		.transform(commaSeparated)
		.refine((parts) => parts.every(isNetwork), NETWORKS),
	VESTIBULE_ACTIVITY_YEARS: z.coerce.number(YEARS).int(YEARS).min(1, YEARS).max(100, YEARS).default(6),
	VESTIBULE_LOG_LEVEL: z
		.enum(["debug", "info", "warn", "error", "silent"], "debug, info, warn, error or silent")
		.default("info"),
});

/**
 * Reads the configuration.
 *
 * @param environment as `process.env`; an empty value counts as missing
 * @throws ConfigError naming each setting that is missing or wrong
 */
export function readConfig(environment: NodeJS.ProcessEnv, { demo = false } = {}): Config {
	const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
	const parsed = schema.safeParse(demo ? { ...demoDefaults, ...given } : given);
	if (!parsed.success) {
		const sentences = parsed.error.issues.map((issue) => sentenceOf(issue, given));
		throw new ConfigError(sentences.join("\n"));
	}
	const settings = parsed.data;
	const url = new URL(settings.VESTIBULE_URL ?? `http://localhost:${settings.PORT}`);
	const loopback = isLoopback(url.hostname);
	if (demo && (environment.NODE_ENV === "production" || !loopback || !isLoopback(settings.HOST))) {
		throw new ConfigError(
			"The demo runs on this computer only: NODE_ENV must not be production, and HOST and VESTIBULE_URL must be localhost.",
		);
	}
	if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
		throw new ConfigError("VESTIBULE_URL must start with https:// (only localhost may use http://)");
	}
	if (url.pathname !== "/" || url.search || url.hash || url.username) {
		throw new ConfigError("VESTIBULE_URL must be the address alone, as https://sign-in.clinic.example");
	}
	if (settings.VESTIBULE_CLINICS === "many" && isIP(url.hostname.replace(/^\[|\]$/g, "")) !== 0) {
		throw new ConfigError(
			"VESTIBULE_URL must have a host name, as https://sign-in.example.com: with VESTIBULE_CLINICS=many each clinic is at its short name before it",
		);
	}
	const longestHost =
		settings.VESTIBULE_CLINICS === "many" ? LONGEST_HOST - LONGEST_SHORT_NAME : LONGEST_HOST;
	if (url.hostname.length > longestHost) {
		throw new ConfigError(
			`VESTIBULE_URL must have a host of at most ${longestHost} characters, so that every text message has room for it`,
		);
	}
	return Object.freeze({
		demo,
		databaseUrl: settings.DATABASE_URL,
		smtpUrl: settings.SMTP_URL,
		mailFrom: settings.VESTIBULE_MAIL_FROM,
		textProviders: Object.freeze(readTextProviders(settings, demo)),
		textCountries: Object.freeze(settings.VESTIBULE_SMS_COUNTRIES),
		textCeiling: settings.VESTIBULE_SMS_CLINIC_CEILING,
		host: settings.HOST,
		port: settings.PORT,
		url,
		secure: url.protocol === "https:",
		home: settings.VESTIBULE_HOME,
		clinics: settings.VESTIBULE_CLINICS,
		keyring: readKeyring(settings.VESTIBULE_KEYS, settings.VESTIBULE_KEYS_FILE),
		keysFile: settings.VESTIBULE_KEYS === undefined ? settings.VESTIBULE_KEYS_FILE : undefined,
		supportEmail: settings.VESTIBULE_SUPPORT_EMAIL,
		trustedProxies: settings.VESTIBULE_TRUSTED_PROXIES,
		activityYears: settings.VESTIBULE_ACTIVITY_YEARS,
		logLevel: settings.VESTIBULE_LOG_LEVEL,
	});
}

function readTextProviders(settings: z.infer<typeof schema>, demo: boolean): TextProvider[] {
	return settings.VESTIBULE_SMS_PROVIDERS.map((name): TextProvider => {
		if (name === "twilio") return readTwilio(settings);
		if (name === "http") return readHttpGateway(settings);
		// Its page shows every code to whoever looks.
		if (!demo) throw new ConfigError(`VESTIBULE_SMS_PROVIDERS must be: ${PROVIDERS}`);
		return { name };
	});
}

function readTwilio(settings: z.infer<typeof schema>): TwilioSettings {
	const from = settings.VESTIBULE_TWILIO_FROM;
	const messagingServiceSid = settings.VESTIBULE_TWILIO_MESSAGING_SERVICE_SID;
	if ((from === undefined) === (messagingServiceSid === undefined)) {
		throw new ConfigError(
			"VESTIBULE_TWILIO_FROM or VESTIBULE_TWILIO_MESSAGING_SERVICE_SID must be set, and only one of them",
		);
	}
	return {
		name: "twilio",
		accountSid: needed("VESTIBULE_TWILIO_ACCOUNT_SID", settings.VESTIBULE_TWILIO_ACCOUNT_SID),
		authToken: new SharedSecret(needed("VESTIBULE_TWILIO_AUTH_TOKEN", settings.VESTIBULE_TWILIO_AUTH_TOKEN)),
		sender: from === undefined ? { messagingServiceSid: messagingServiceSid ?? "" } : { from },
		url: settings.VESTIBULE_TWILIO_URL.replace(/\/$/, ""),
	};
}

function readHttpGateway(settings: z.infer<typeof schema>): HttpGatewaySettings {
	return {
		name: "http",
		url: needed("VESTIBULE_HTTP_SMS_URL", settings.VESTIBULE_HTTP_SMS_URL),
		secret: new SharedSecret(needed("VESTIBULE_HTTP_SMS_SECRET", settings.VESTIBULE_HTTP_SMS_SECRET)),
	};
}

function needed(name: string, value: string | undefined): string {
	if (value === undefined) {
		throw new ConfigError(`${name} is missing: it belongs to what VESTIBULE_SMS_PROVIDERS names`);
	}
	return value;
}

function readKeyring(keys: string | undefined, file: string | undefined): Keyring {
	if (keys === undefined && file === undefined) {
		throw new ConfigError(
			"VESTIBULE_KEYS_FILE (or VESTIBULE_KEYS) is missing: make one with `vestibule keys new`",
		);
	}
	try {
		if (keys !== undefined) return new Keyring(keys);
		const readFile = () => readFileSync(file ?? "", "utf8");
		return new Keyring(readFile(), readFile);
	} catch (error) {
		if (error instanceof Error && "syscall" in error) {
			throw new ConfigError(
				`VESTIBULE_KEYS_FILE must be: a file that can be read here (${error.message}); make one with \`vestibule keys new\``,
			);
		}
		const name = keys === undefined ? "VESTIBULE_KEYS_FILE" : "VESTIBULE_KEYS";
		throw new ConfigError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function sentenceOf(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
	const name = String(issue.path[0]);
	return given[name] === undefined
		? `${name} is missing. It must be: ${issue.message}`
		: `${name} must be: ${issue.message}`;
}

function commaSeparated(text: string): string[] {
	return text
		.split(",")
		.map((part) => part.trim())
		.filter((part) => part !== "");
}

/** A socket's folder may stand in place of the host. */
function isDatabase(text: string): boolean {
	return (
		/^sqlite:.+/.test(text) ||
		(/^postgres(ql)?:\/\/.+/.test(text) && URL.canParse(text.replace("@/", "@host/")))
	);
}

/** An address alone, or a name and then the address in angle brackets. */
function isSender(text: string): boolean {
	const address = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
	return z.email().safeParse(address).success;
}

/** An address, or a network of fewer than all: from all, everybody could say which address they come from. */
function isNetwork(text: string): boolean {
	const [address = "", bits, ...more] = text.split("/");
	const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
	if (bits === undefined) return longest > 0;
	return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= longest && more.length === 0;
}

function isEncryptedOrLocal(address: string): boolean {
	const url = URL.parse(address);
	return url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
}

function isLoopback(host: string): boolean {
	return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host) || host.endsWith(".localhost");
}
