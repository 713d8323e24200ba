import { readFileSync } from "node:fs";
import { z } from "zod";
import { Keyring } from "./crypto/keyring.ts";

/** Everything the operator can set, parsed once from the environment. Frozen. The README has the table. */
export type Config = Readonly<{
	/** The demo: loopback only, its own data, an inbox page. Set by `--demo`, not by the environment. */
	demo: boolean;
	databaseUrl: string;
	smtpUrl: string | undefined;
	mailFrom: string;
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
	logLevel: "debug" | "info" | "warn" | "error" | "silent";
}>;

/** A setting that is missing or wrong: its name and what it should be, and nothing of its value. */
export class ConfigError extends Error {
	override name = "ConfigError";
}

const demoDefaults = {
	DATABASE_URL: "sqlite:data/vestibule.db",
	VESTIBULE_KEYS_FILE: "data/keys",
	VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
	VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
};

const DATABASES = "sqlite:path/to/file.db or postgres://user@host/database";
const SENDER = "the sender of emails, as Vestibule <no-reply@clinic.example>";

const schema = z.object({
	DATABASE_URL: z.string(DATABASES).regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, DATABASES),
	SMTP_URL: z
		.string()
		.regex(/^smtps?:\/\/.+/, "smtp://user:password@host:port or smtps://…")
		.optional(),
	HOST: z.string().default("127.0.0.1"),
	PORT: z.coerce.number("a port, 1 to 65535").int().min(0).max(65_535).default(3000),
	VESTIBULE_URL: z.url("the public address, as https://sign-in.clinic.example").optional(),
	VESTIBULE_HOME: z
		.string()
		.regex(/^\/(?![/\\])[\x21-\x7e]*$/, "a path of the same address, as /app")
		.optional(),
	VESTIBULE_CLINICS: z.enum(["one", "many"], "one or many").default("one"),
	VESTIBULE_KEYS: z.string().optional(),
	VESTIBULE_KEYS_FILE: z.string().optional(),
	VESTIBULE_SUPPORT_EMAIL: z.email("the address of your Privacy and Security team"),
	VESTIBULE_MAIL_FROM: z.string(SENDER).min(3, SENDER),
	VESTIBULE_TRUSTED_PROXIES: z
		.string()
		.default("")
		.transform((text) => text.split(",").map((part) => part.trim()))
		.transform((parts) => parts.filter((part) => part !== ""))
		.refine(
			(parts) => parts.every((part) => /^[0-9a-f.:]+(\/\d{1,3})?$/i.test(part)),
			"addresses or networks separated by commas, as 10.0.0.5,172.16.0.0/12",
		),
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
	return Object.freeze({
		demo,
		databaseUrl: settings.DATABASE_URL,
		smtpUrl: settings.SMTP_URL,
		mailFrom: settings.VESTIBULE_MAIL_FROM,
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
		logLevel: settings.VESTIBULE_LOG_LEVEL,
	});
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
		const name = keys === undefined ? "VESTIBULE_KEYS_FILE" : "VESTIBULE_KEYS";
		throw new ConfigError(`${name}: ${error instanceof Error ? error.message : "cannot be read"}`);
	}
}

function sentenceOf(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
	const name = issue.path.join(".");
	return given[name] === undefined
		? `${name} is missing. It must be: ${issue.message}`
		: `${name} must be: ${issue.message}`;
}

function isLoopback(host: string): boolean {
	return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/.test(host) || host.endsWith(".localhost");
}
