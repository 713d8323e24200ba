import { Readable } from "node:stream";
import formbody from "@fastify/formbody";
import fastify, {
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
	LogController,
} from "fastify";
import { render } from "preact-render-to-string";
import { type Clinic, NEW_CLINIC } from "../clinics/clinic.ts";
import { clinicOfHost } from "../clinics/host.rule.ts";
import { clinicOrigin } from "../clinics/origin.ts";
import { findClinic } from "../clinics/store.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { Overloaded } from "../crypto/hasher.ts";
import type { Db } from "../db/connect.ts";
import { isDatabaseLost } from "../db/transaction.ts";
import { paths } from "../paths.ts";
import { wordsFor } from "../words/words.ts";
import { type Answer, type Handler, notSignedIn, page } from "./answer.ts";
import { readCookies, writeCookie } from "./cookies.ts";
import { ChooseClinicPage, ErrorPage, NoClinicPage } from "./error-pages.tsx";
import { Fields } from "./fields.ts";
import { publicFile } from "./files.ts";
import { securityHeaders } from "./headers.ts";
import { keepTogether } from "./keep-together.rule.ts";
import { networkOf } from "./network.ts";
import { PageFrame } from "./page-frame.tsx";
import { isFromThisOrigin } from "./same-origin.rule.ts";
import { readUserAgent } from "./user-agent.ts";
import type { Reader, Visit } from "./visit.ts";

const LARGEST_FORM_BYTES = 64 * 1024;
const LONGEST_REQUEST_MS = 30_000;
const LONGEST_STALL_MS = 60_000;
const RETRY_AFTER_SECONDS = 10;
const YEAR_SECONDS = 31_536_000;

/** Where the parts mount their pages. */
export type Web = {
	server: FastifyInstance;
	get(pattern: string, handler: Handler): void;
	post(pattern: string, handler: Handler): void;
	/** Tells who is signed in, for the top bar of pages that no part answers. */
	showReader(find: (visit: Visit) => Promise<Reader | undefined>): void;
};

/** The server with everything that holds for all pages: headers, the same-origin gate, the clinic, errors. */
export function createWeb(given: { config: Config; clock: Clock; db: Db }): Web {
	const { config, clock, db } = given;
	const server = fastify({
		bodyLimit: LARGEST_FORM_BYTES,
		// Whoever sends a form byte by byte holds no connection for ever.
		requestTimeout: LONGEST_REQUEST_MS,
		trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
		logController: new LogController({ disableRequestLogging: true }),
		logger: config.logLevel === "silent" ? false : { level: config.logLevel },
		routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
		// An address that cannot be read comes to no hook and no handler; it gets the same page and headers.
		frameworkErrors: (error, request, reply) => {
			reply.headers(securityHeaders(config.secure));
			void answerError(request, reply, statusOf(error));
		},
	});
	server.removeAllContentTypeParsers();
	server.register(formbody);

	server.addHook("onRequest", async (request, reply) => {
		reply.headers(securityHeaders(config.secure));
		warnOfForeignForwarding(request);
		const { "sec-fetch-site": site, origin } = request.headers;
		// A carrier's receipt comes from no browser; it needs the provider's signature instead.
		const isReceipt = request.routeOptions.url === paths.receipt.pattern;
		// A page elsewhere must not be able to make this browser change anything here.
		if (!isReceipt && !isFromThisOrigin(request.method, header(site), origin, originOf(config, request))) {
			await answerError(request, reply, 403);
		}
	});
	// Logs hold the route, never the address: addresses carry tokens.
	server.addHook("onResponse", async (request, reply) => {
		const route = request.routeOptions.url ?? "none";
		request.log.info(
			{ route, method: request.method, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
			"answered",
		);
	});
	server.setNotFoundHandler((request, reply) => answerError(request, reply, 404));
	server.setErrorHandler((error, request, reply) => {
		const status = statusOf(error);
		// Whoever hung up halfway hears no answer, and nothing of ours is broken.
		const hasHungUp = request.raw.readableAborted;
		if ((status === 500 || status === 503) && !hasHungUp) {
			const { name, message, stack } = error instanceof Error ? error : new Error("Not an error");
			request.log.error({ name, message, stack, route: request.routeOptions.url }, "could not answer");
		}
		return answerError(request, reply, status);
	});

	server.get(`${paths.files}/:version/:name`, async (request, reply) => {
		const { version = "", name = "" } = request.params as Record<string, string>;
		const file = publicFile(name);
		if (!file) return answerError(request, reply, 404);
		// During an upgrade an older process is asked for what a page of a newer one names, or the other way round: its own
		// is better than none, and is not kept in the other's place.
		const isAsked = file.version === version;
		const brotli = /\bbr\b/.test(String(request.headers["accept-encoding"] ?? ""));
		reply.headers({
			"content-type": file.type,
			"cache-control": isAsked ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-store",
			vary: "accept-encoding",
			...(brotli ? { "content-encoding": "br" } : {}),
		});
		return reply.send(brotli ? file.brotli : file.plain);
	});

	function visitOf(request: FastifyRequest, clinic: Clinic): Visit {
		const cookies = readCookies(request.headers.cookie, config.secure);
		return {
			clinic,
			now: clock(),
			words: wordsFor(request.headers["accept-language"]),
			network: networkOf(request.ip),
			browser: {
				token: cookies.browser,
				hash: cookies.browser?.hash(),
				...readUserAgent(request.headers["user-agent"]),
			},
			cookies: { session: cookies.session, signIn: cookies["sign-in"] },
			path: request.url,
			params: paramsOf(request),
			query: new Fields(request.query),
			form: new Fields(request.body),
			origin: originOf(config, request),
			demo: config.demo,
			supportEmail: config.supportEmail,
		};
	}

	async function clinicOf(request: FastifyRequest): Promise<Clinic | "none yet" | "choose" | undefined> {
		const meaning = clinicOfHost(request.headers.host ?? "", config.url.hostname, config.clinics);
		switch (meaning.kind) {
			case "the-only-clinic":
				return (await findClinic(db, "the-only-one")) ?? "none yet";
			case "clinic":
				return findClinic(db, { shortName: meaning.shortName });
			case "choose":
				return "choose";
			case "unknown":
				return undefined;
		}
	}

	/** A page without a clinic around it. */
	function bareVisit(request: FastifyRequest): Visit {
		const nowhere = {
			clinicId: "",
			shortName: "",
			name: "Vestibule",
			timeZone: "UTC",
			country: "CA",
			...NEW_CLINIC,
		};
		return visitOf(request, nowhere);
	}

	let findReader = async (_visit: Visit): Promise<Reader | undefined> => undefined;

	async function answerError(
		request: FastifyRequest,
		reply: FastifyReply,
		status: number,
	): Promise<FastifyReply> {
		if (status === 503) reply.header("retry-after", String(RETRY_AFTER_SECONDS));
		// The clinic's own page where it is known; without a database there is none to ask.
		const clinic = status === 503 ? undefined : await clinicOf(request).catch(() => undefined);
		const known = typeof clinic === "object" ? visitOf(request, clinic) : bareVisit(request);
		const reader = typeof clinic === "object" && status === 404 ? await findReader(known) : undefined;
		const visit = { ...known, ...(reader && { reader }), form: new Fields(undefined) };
		return send(reply, page(visit, <ErrorPage status={status} />, status));
	}

	function send(reply: FastifyReply, answer: Answer): FastifyReply {
		const { body } = answer;
		reply.code(answer.status).headers(answer.headers);
		for (const cookie of answer.cookies) reply.header("set-cookie", writeCookie(cookie, config.secure));
		if (typeof body === "object" && "page" in body) {
			const html = render(<PageFrame visit={body.visit}>{body.page}</PageFrame>);
			return reply.type("text/html; charset=utf-8").send(`<!doctype html>${keepTogether(html)}`);
		}
		if (typeof body === "object" && "pieces" in body) {
			// Whoever takes nothing for so long is let go, so that nobody keeps a page of it and a connection for ever.
			reply.raw.setTimeout(LONGEST_STALL_MS, () => reply.raw.destroy());
			return reply.send(Readable.from(body.pieces, { highWaterMark: 1 }));
		}
		return reply.send(body instanceof Uint8Array ? Buffer.from(body) : body);
	}

	function mount(method: "GET" | "POST", pattern: string, handler: Handler): void {
		server.route({
			method,
			url: pattern,
			handler: async (request, reply) => {
				const clinic = await clinicOf(request);
				// A proxy in front of the software would take a page for a yes: without a clinic it is nobody's session.
				if (pattern === paths.authCheck && typeof clinic !== "object") return send(reply, notSignedIn());
				if (clinic === undefined) return answerError(request, reply, 404);
				if (clinic === "none yet") return send(reply, page(bareVisit(request), <NoClinicPage />, 404));
				if (clinic === "choose") {
					const bare = bareVisit(request);
					const link = linkToClinic(config, bare.query.text("clinic"));
					return send(reply, page(bare, <ChooseClinicPage typed={bare.query.text("clinic")} link={link} />));
				}
				return send(reply, await handler(visitOf(request, clinic)));
			},
		});
	}

	return {
		server,
		get: (pattern, handler) => mount("GET", pattern, handler),
		post: (pattern, handler) => mount("POST", pattern, handler),
		showReader(find) {
			findReader = (visit) => find(visit).catch(() => undefined);
		},
	};
}

/** The origin this clinic is reached at, built from `VESTIBULE_URL`; the Host header only chooses the clinic. */
function originOf(config: Config, request: FastifyRequest): string {
	const meaning = clinicOfHost(request.headers.host ?? "", config.url.hostname, config.clinics);
	return meaning.kind === "clinic" ? clinicOrigin(config, meaning.shortName) : config.url.origin;
}

function linkToClinic(config: Config, typed: string): string | undefined {
	const meaning = clinicOfHost(`${typed.trim()}.${config.url.hostname}`, config.url.hostname, "many");
	return meaning.kind === "clinic" ? clinicOrigin(config, meaning.shortName) : undefined;
}

/** The parts of an address by their names. PostgreSQL keeps no NUL: what holds one is the name of nothing. */
function paramsOf(request: FastifyRequest): Record<string, string> {
	const params = Object.entries((request.params ?? {}) as Record<string, string>);
	return Object.fromEntries(params.map(([name, part]) => [name, part.includes("\u0000") ? "" : part]));
}

function statusOf(error: unknown): number {
	if (error instanceof Overloaded || isDatabaseLost(error)) return 503;
	const status =
		typeof error === "object" && error !== null && "statusCode" in error ? Number(error.statusCode) : 500;
	return status >= 400 && status < 500 ? status : 500;
}

let hasWarned = false;
function warnOfForeignForwarding(request: FastifyRequest): void {
	const forwarded = request.headers["x-forwarded-for"] ?? request.headers.forwarded;
	// The socket's own address, and what a proxy that is named says stands behind it: perhaps this very machine.
	const isTrusted = (request.ips?.length ?? 0) > 1;
	if (forwarded === undefined || isTrusted || hasWarned) return;
	hasWarned = true;
	request.log.warn(
		"A forwarding header came from an address that VESTIBULE_TRUSTED_PROXIES does not name; it is ignored",
	);
}

function header(value: string | string[] | undefined): string | undefined {
	return typeof value === "string" ? value : value?.join();
}
