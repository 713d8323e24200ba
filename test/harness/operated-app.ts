import { Keyring } from "../../src/crypto/keyring.ts";
import { type App, type AppOptions, startApp } from "./app.ts";
import { type Ran, runCommand } from "./command.ts";

export type Operated = AsyncDisposable & {
	app: App;
	/** Runs a command in the app's own environment. */
	vestibule: (...words: string[]) => Promise<Ran>;
	/** The app's own environment. */
	environment: Record<string, string>;
};

/** The running app, and the commands of its operator. Its clock stands at today: commands have the computer's own. */
export async function startOperatedApp({
	clinic = "none",
	environment: given = {},
}: AppOptions = {}): Promise<Operated> {
	const settings = { VESTIBULE_KEYS: given.VESTIBULE_KEYS_FILE ? "" : Keyring.newKey("test"), ...given };
	const app = await startApp({ clinic, environment: settings });
	app.clock.at(Date.now());
	const environment = {
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_LOG_LEVEL: "silent",
		VESTIBULE_URL: app.url.origin,
		DATABASE_URL: app.database.url,
		SMTP_URL: app.inbox.server.url,
		...settings,
	};
	return {
		app,
		environment,
		async vestibule(...words) {
			const ran = await runCommand(environment, ...words);
			// What the command did is not in the app's future.
			app.clock.at(Math.max(app.clock.now(), Date.now()));
			return ran;
		},
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}

/** Makes Harbour Physio with Avery as its first Full Access user. */
export const createHarbour = [
	"clinic",
	"create",
	"--name=Harbour Physio",
	"--short-name=harbour",
	"--time-zone=America/Vancouver",
	"--country=CA",
	"--owner-name=Avery Chen",
	"--owner-email=avery@harbour.example",
];

/** The link with which somebody sets a password, as a command prints it. */
export function linkIn({ out, err }: Ran): string {
	const link = /https?:\/\/\S+\/forgot-password\/set\/\S+/.exec(out)?.[0];
	if (link === undefined) throw new Error(`No link was printed: ${out}${err}`);
	return link;
}
