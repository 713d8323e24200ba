import { Agent, type IncomingHttpHeaders, request } from "node:http";

/** A server under load: where it listens on this machine, and the site it believes it is. */
export type Site = { port: number; origin: string; agent: Agent };

export type Reply = { status: number; headers: IncomingHttpHeaders; body: Buffer };

const USER_AGENT =
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

export function siteAt(port: number, origin: string): Site {
	return { port, origin, agent: new Agent({ keepAlive: true, maxSockets: 64 }) };
}

/** Somebody in a fresh browser, from an address of their own, who keeps the cookies they are given. */
export class Visitor {
	readonly #site: Site;
	readonly #address = nextAddress();
	readonly #cookies = new Map<string, string>();

	constructor(site: Site) {
		this.#site = site;
	}

	get(path: string): Promise<Reply> {
		return this.#send("GET", path);
	}

	/** @param form url-encoded as a page does it */
	post(path: string, form: Record<string, string>): Promise<Reply> {
		return this.#send(
			"POST",
			path,
			new URLSearchParams(form).toString(),
			"application/x-www-form-urlencoded",
		);
	}

	/** Posts a form whose answer is a file, which is thrown away as it comes. @returns how many bytes it was */
	async download(path: string, form: Record<string, string>): Promise<number> {
		let bytes = 0;
		const body = new URLSearchParams(form).toString();
		const taken = (chunk: Buffer) => {
			bytes += chunk.length;
		};
		const reply = await this.#send("POST", path, body, "application/x-www-form-urlencoded", taken);
		expectStatus(reply, 200, path);
		return bytes;
	}

	postJson(path: string, body: unknown): Promise<Reply> {
		return this.#send("POST", path, JSON.stringify(body), "application/json");
	}

	/** @param take gets the answer's body, which is kept otherwise */
	async #send(
		method: string,
		path: string,
		body?: string,
		type?: string,
		take?: (chunk: Buffer) => void,
	): Promise<Reply> {
		const { port, origin, agent } = this.#site;
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		const headers = {
			host: new URL(origin).host,
			"user-agent": USER_AGENT,
			accept: "text/html,*/*;q=0.8",
			"accept-language": "en-CA,en;q=0.9",
			"accept-encoding": "gzip, br",
			"sec-fetch-site": "same-origin",
			"x-forwarded-for": this.#address,
			...(method === "GET" ? {} : { origin }),
			...(cookie === "" ? {} : { cookie }),
			...(body === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(body) }),
		};
		const reply = await exchange({ host: "127.0.0.1", port, path, method, headers, agent }, body, take);
		for (const line of reply.headers["set-cookie"] ?? []) {
			const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (value === "") this.#cookies.delete(name);
			else this.#cookies.set(name, value);
		}
		return reply;
	}
}

/** @throws Error where the answer is not the one that was measured for: a refusal is quick and proves nothing */
export function expectStatus(reply: Reply, status: number, what: string): Reply {
	if (reply.status === status) return reply;
	const said = reply.body.toString("utf8").replaceAll(/<[^>]*>|\s+/g, " ");
	throw new Error(`${what} was answered with ${reply.status}, not ${status}: ${said.slice(0, 500)}`);
}

let addresses = 0;
function nextAddress(): string {
	addresses++;
	return `10.${addresses >> 16}.${(addresses >> 8) & 0xff}.${addresses & 0xff}`;
}

function exchange(
	options: Parameters<typeof request>[1],
	body: string | undefined,
	take: ((chunk: Buffer) => void) | undefined,
): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const sending = request(options ?? {}, (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", take ?? ((chunk: Buffer) => chunks.push(chunk)));
			answer.on("error", reject);
			answer.on("end", () =>
				resolve({
					status: answer.statusCode ?? 0,
					headers: answer.headers,
					body: Buffer.concat(chunks),
				}),
			);
		});
		sending.on("error", reject);
		sending.end(body);
	});
}
