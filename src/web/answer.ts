import type { VNode } from "preact";
import type { Cookie } from "./cookies.ts";
import type { Visit } from "./visit.ts";

/** What a handler answers. It holds no reply object: the edge writes it. */
export type Answer = {
	status: number;
	headers: Record<string, string>;
	cookies: Cookie[];
	/** A page to draw for a visit, bytes to send as they are, or text that comes piece by piece. */
	body: { page: VNode; visit: Visit } | { pieces: AsyncIterable<string> } | Uint8Array | string | undefined;
};

export type Handler<V extends Visit = Visit> = (visit: V) => Promise<Answer>;

/** A page. A form that comes back with something to mend is a 422; a wait is a 429. */
export function page(visit: Visit, body: VNode, status = 200): Answer {
	const shown = status === 429 ? { ...visit, isWait: true } : visit;
	return { status, headers: {}, cookies: [], body: { page: body, visit: shown } };
}

/** To another page, with GET (303). */
export function goTo(path: string, cookies: Cookie[] = []): Answer {
	return { status: 303, headers: { location: path }, cookies, body: undefined };
}

/** For whoever asks whether they are signed in, and is not (401): they are told nothing more. */
export function notSignedIn(): Answer {
	return { status: 401, headers: {}, cookies: [], body: undefined };
}

/** A file to keep. @param body all of it, or text piece by piece: the next one is made when the last one was taken */
export function download(
	body: Uint8Array | { pieces: AsyncIterable<string> },
	type: string,
	name: string,
): Answer {
	const headers = {
		"content-type": type,
		"content-disposition": `attachment; filename="${name.replaceAll(/[^A-Za-z0-9. -]/g, "")}"`,
	};
	return { status: 200, headers, cookies: [], body };
}
