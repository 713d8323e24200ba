import { type IncomingHttpHeaders, request } from "node:http";
import type { App } from "./app.ts";
import { type Coming, CookieJar } from "./cookie-jar.ts";
import { Page } from "./page.ts";

export const userAgents = {
	chromeOnWindows:
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
	safariOnIphone:
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	chromeOnAndroid:
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
	firefoxOnMac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
} as const;

export type Reply = { status: number; path: string; headers: IncomingHttpHeaders; body: Buffer };

export type Sending = {
	method?: string;
	form?: URLSearchParams | Record<string, string>;
	/** Put over those that a browser sends; `undefined` leaves one out. */
	headers?: Record<string, string | undefined>;
	coming?: Coming;
};

const MOST_REDIRECTS = 10;
/** How many browsers came to an app so far: their addresses are the same at every run, whatever ran before. */
const browsersOf = new WeakMap<App["database"], number>();

/** Somebody's browser, with its own cookies and from its own address. It runs no scripts. */
export function newBrowser(app: App, options: Partial<BrowserOptions> = {}): Browser {
	const browsers = ((browsersOf.get(app.database) ?? 0) % 254) + 1;
	browsersOf.set(app.database, browsers);
	return new Browser(app, {
		address: `203.0.113.${browsers}`,
		userAgent: userAgents.chromeOnWindows,
		origin: app.url.origin,
		...options,
	});
}

type BrowserOptions = {
	/** The client's address, as the trusted proxy in front tells it. */
	address: string;
	userAgent: string;
	/** The site: another one for another clinic of the same server. */
	origin: string;
};

export class Browser {
	readonly app: App;
	/** The site it is on. */
	readonly origin: string;
	readonly cookies: CookieJar;
	address: string;
	readonly #options: BrowserOptions;
	#page: Page | undefined;
	#latest: () => Promise<Page> = () => this.open("/");

	constructor(app: App, options: BrowserOptions, cookies = new CookieJar()) {
		this.app = app;
		this.origin = options.origin;
		this.address = options.address;
		this.cookies = cookies;
		this.#options = options;
	}

	/** The page it shows now. */
	get page(): Page {
		if (this.#page === undefined) throw new Error("This browser has opened no page yet");
		return this.#page;
	}

	/** Opens an address and follows where it leads. @param address a path, or all of it as a link has it */
	open(address: string, coming: Coming = "from this site"): Promise<Page> {
		return this.#visit(address, { coming });
	}

	/** Opens a link in an email. */
	openFromEmail(address: string): Promise<Page> {
		return this.open(address, "by a link elsewhere");
	}

	/** Posts a form of this site, whether or not a page shows one. */
	post(address: string, form: NonNullable<Sending["form"]>): Promise<Page> {
		return this.#visit(address, { method: "POST", form });
	}

	/** What was last asked for, asked again as it was. */
	reload(): Promise<Page> {
		return this.#latest();
	}

	/** Closes the browser and opens it again: what ends with it is gone. */
	restart(): void {
		this.cookies.dropWhatEndsWithTheBrowser();
		this.#page = undefined;
	}

	/** Another browser with the same cookies as now, as a thief would set up. */
	copy(changes: Partial<BrowserOptions> = {}): Browser {
		const options = { ...this.#options, address: this.address, ...changes };
		return new Browser(this.app, options, this.cookies.copy());
	}

	/** The same browser, where another process of the site answers. */
	through(process: App): Browser {
		return new Browser(process, { ...this.#options, address: this.address }, this.cookies.copy());
	}

	/** One request and its answer as it came: no redirect followed, no page read. Cookies are kept. */
	async send(
		address: string,
		{ method = "GET", form, headers = {}, coming = "from this site" }: Sending = {},
	): Promise<Reply> {
		const url = new URL(address, this.origin);
		if (url.origin !== this.origin) throw new Error(`${url.origin} is another site`);
		const body = form === undefined ? undefined : new URLSearchParams(form).toString();
		const cookie = this.cookies.header(coming, this.app.clock.now());
		const sent = {
			host: url.host,
			"user-agent": this.#options.userAgent,
			accept: "text/html,application/xhtml+xml,*/*;q=0.8",
			"accept-language": "en-CA,en;q=0.9",
			"sec-fetch-site": coming === "from this site" ? "same-origin" : "cross-site",
			"sec-fetch-mode": "navigate",
			"sec-fetch-dest": "document",
			"x-forwarded-for": this.address,
			...(method === "GET"
				? {}
				: { origin: coming === "from this site" ? this.origin : "https://elsewhere.example" }),
			...(cookie ? { cookie } : {}),
			...(body === undefined
				? {}
				: {
						"content-type": "application/x-www-form-urlencoded",
						"content-length": String(Buffer.byteLength(body)),
					}),
			...headers,
		};
		const reply = await exchange(this.app.port, url, method, sent, body);
		for (const line of reply.headers["set-cookie"] ?? []) this.cookies.keep(line, this.app.clock.now());
		return reply;
	}

	async #visit(address: string, sending: Sending): Promise<Page> {
		this.#latest = () => this.#visit(address, sending);
		let reply = await this.send(address, sending);
		for (let redirects = 0; isRedirect(reply); redirects++) {
			if (redirects === MOST_REDIRECTS) throw new Error(`${address} leads round in a circle`);
			const next = new URL(reply.headers.location ?? "", new URL(reply.path, this.origin)).href;
			this.#latest = () => this.#visit(next, { coming: sending.coming });
			reply = await this.send(next, { coming: sending.coming });
		}
		if (reply.status === 500) throw new Error(`${sending.method ?? "GET"} ${address} was answered with 500`);
		this.#page = new Page(this, reply);
		return this.#page;
	}
}

function isRedirect({ status }: Reply): boolean {
	return status === 302 || status === 303;
}

/** Connects to the app itself, as a proxy in front of it does: the address only says which site is meant. */
function exchange(
	port: number,
	url: URL,
	method: string,
	headers: Record<string, string | undefined>,
	body: string | undefined,
): Promise<Reply> {
	const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
	return new Promise((resolve, reject) => {
		const options = {
			host: "127.0.0.1",
			port,
			path: url.pathname + url.search,
			method,
			headers: given,
		};
		const sending = request(options, (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", (chunk: Buffer) => chunks.push(chunk));
			answer.on("error", reject);
			answer.on("end", () =>
				resolve({
					status: answer.statusCode ?? 0,
					path: url.pathname + url.search,
					headers: answer.headers,
					body: Buffer.concat(chunks),
				}),
			);
		});
		sending.on("error", (error: NodeJS.ErrnoException) => {
			// A connection kept from before a restart: browsers just make another.
			if (sending.reusedSocket && error.code === "ECONNRESET")
				resolve(exchange(port, url, method, headers, body));
			else reject(error);
		});
		sending.end(body);
	});
}
