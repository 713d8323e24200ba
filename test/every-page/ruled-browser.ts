import type { App } from "../harness/app.ts";
import { Browser, type Reply, type Sending, userAgents } from "../harness/browser.ts";
import { CookieJar } from "../harness/cookie-jar.ts";

/**
 * A browser for whose requests the clinic requires 2-Step Verification from a day, while for everybody else on the
 * stage it requires nothing: some pages are only there before that day, and some only after it.
 */
export class RuledBrowser extends Browser {
	readonly #day: string;

	/** @param day ISO */
	constructor(app: App, day: string, address: string, cookies = new CookieJar()) {
		super(app, { address, userAgent: userAgents.chromeOnWindows, origin: app.url.origin }, cookies);
		this.#day = day;
	}

	override copy(): RuledBrowser {
		return new RuledBrowser(this.app, this.#day, this.address, this.cookies.copy());
	}

	override async send(address: string, sending?: Sending): Promise<Reply> {
		await begin(this.app, this.#day);
		try {
			return await super.send(address, sending);
		} finally {
			await end(this.app);
		}
	}
}

/** How many requests of one day are under way, and the last change of the rule for them. */
const underWay = new WeakMap<App, { requests: number; changed: Promise<unknown> }>();

function begin(app: App, day: string): Promise<unknown> {
	const state = underWay.get(app) ?? { requests: 0, changed: Promise.resolve() };
	underWay.set(app, state);
	if (state.requests++ === 0) state.changed = state.changed.then(() => setRule(app, day));
	return state.changed;
}

function end(app: App): Promise<unknown> {
	const state = underWay.get(app);
	if (state && --state.requests === 0) state.changed = state.changed.then(() => setRule(app, null));
	return state?.changed ?? Promise.resolve();
}

/** By the backdoor: it is no statement of the app, and leaves everything else of the clinic as it is. */
function setRule({ database }: App, day: string | null): Promise<unknown> {
	return database.backdoor.updateTable("clinics").set({ required_from_on: day }).execute();
}
