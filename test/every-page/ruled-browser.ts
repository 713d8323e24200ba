import type { ClinicRow } from "../../src/db/tables.ts";
import type { App } from "../harness/app.ts";
import { Browser, type Reply, type Sending, userAgents } from "../harness/browser.ts";
import { CookieJar } from "../harness/cookie-jar.ts";

type Rule = Partial<Pick<ClinicRow, "required_from_on" | "allows_texts">>;
const NO_RULE: Rule = { required_from_on: null, allows_texts: 1 };

/**
 * A browser for whose requests the clinic has another rule, while for everybody else on the stage it requires nothing
 * and allows everything: some pages are only there before the day of the rule, and some only after it.
 */
export class RuledBrowser extends Browser {
	readonly #rule: Rule;

	constructor(app: App, rule: Rule, address: string, cookies = new CookieJar()) {
		super(app, { address, userAgent: userAgents.chromeOnWindows, origin: app.url.origin }, cookies);
		this.#rule = rule;
	}

	override copy(): RuledBrowser {
		return new RuledBrowser(this.app, this.#rule, this.address, this.cookies.copy());
	}

	override through(process: App): RuledBrowser {
		return new RuledBrowser(process, this.#rule, this.address, this.cookies.copy());
	}

	override async send(address: string, sending?: Sending): Promise<Reply> {
		await begin(this.app, this.#rule);
		try {
			const reply = await super.send(address, sending);
			// What the worker does of it asks for the rule as well.
			if (sending?.method === "POST") await this.app.drain();
			return reply;
		} finally {
			await end(this.app);
		}
	}
}

/** How many requests of one rule are under way, and the last change of the rule for them. */
const underWay = new WeakMap<App["database"], { requests: number; changed: Promise<unknown> }>();

function begin(app: App, rule: Rule): Promise<unknown> {
	const state = underWay.get(app.database) ?? { requests: 0, changed: Promise.resolve() };
	underWay.set(app.database, state);
	if (state.requests++ === 0) state.changed = state.changed.then(() => setRule(app, rule));
	return state.changed;
}

function end(app: App): Promise<unknown> {
	const state = underWay.get(app.database);
	if (state && --state.requests === 0) state.changed = state.changed.then(() => setRule(app, NO_RULE));
	return state?.changed ?? Promise.resolve();
}

/** By the backdoor: it is no statement of the app, and leaves everything else of the clinic as it is. */
function setRule({ database }: App, rule: Rule): Promise<unknown> {
	return database.backdoor.updateTable("clinics").set(rule).execute();
}
