import type { App } from "../harness/app.ts";
import { addressOf } from "./addresses.ts";
import { type Form, rightValue } from "./forms.ts";
import type { HostileRequest, Treatment } from "./hostile-request.ts";
import type { Stage } from "./stage.ts";
import { type State, statesOf } from "./states.ts";

/** A request as it goes out. */
export type Sent = {
	method: string;
	target: string;
	headers: Record<string, string>;
	body: Buffer | undefined;
};

/** Makes requests that were thought up out of what is there: the routes, the forms, the people and their cookies. */
export function requestMaker({ app, people, forms }: Stage): (thought: HostileRequest) => Sent {
	const states = statesOf(people);

	function addressFor({ to }: HostileRequest): string {
		if (!("route" in to)) return "address" in to ? to.address : "/";
		const { pattern } = app.routes[to.route % app.routes.length] ?? { pattern: "/" };
		if (to.parts === "") return addressOf(pattern, people);
		return pattern.replaceAll(/:[a-z]+/gi, encodeURIComponent(to.parts.toWellFormed()));
	}

	return (thought) => {
		const form = "form" in thought.to ? forms[thought.to.form % forms.length] : undefined;
		const state = form?.state ?? states[thought.query.length % states.length];
		const query = thought.query.length > 0 ? `?${encoded(thought.query)}` : "";
		const fields = [...(form ? filledIn(form, thought.treatments) : []), ...thought.extraFields];
		const isWithBody = !["GET", "HEAD"].includes(thought.method);
		const body = isWithBody ? bodyOf(thought.body, fields) : undefined;
		const cookie = cookiesFor(thought.cookies, app, state, states);
		const { contentType } = thought;
		return {
			method: thought.method,
			target: (form?.action ?? addressFor(thought)) + query,
			body,
			headers: {
				host: app.url.host,
				"x-forwarded-for": state?.browser.address ?? "203.0.113.1",
				...(isWithBody ? { origin: app.url.origin, "sec-fetch-site": "same-origin" } : {}),
				...(body && contentType !== undefined ? { "content-type": contentType } : {}),
				...(cookie === "" ? {} : { cookie }),
				...thought.headers,
			},
		};
	};
}

function filledIn(form: Form, treatments: Treatment[]): [string, string][] {
	return form.fields.flatMap((field, index): [string, string][] => {
		const right: [string, string] = [field.name, rightValue(field, form)];
		const treatment = treatments[index % treatments.length] ?? "right";
		if (treatment === "right") return [right];
		if (treatment === "missing") return [];
		if (treatment === "doubled") return [right, right];
		if (treatment === "listed") return [[`${field.name}[]`, right[1]]];
		return [[field.name, treatment.text]];
	});
}

/** Percent signs that were thought up stay as they are; the rest is encoded as browsers do. */
function encoded(pairs: [string, string][]): string {
	const part = (text: string) => (text.includes("%") ? text : encodeURIComponent(text.toWellFormed()));
	const whole = pairs.map(([name, value]) => `${part(name)}=${part(value)}`).join("&");
	return whole.replaceAll(/[\s#\0]|[^\x21-\x7e]/g, "");
}

function bodyOf(kind: HostileRequest["body"], fields: [string, string][]): Buffer | undefined {
	const form = Buffer.from(encoded(fields));
	switch (kind) {
		case "none":
			return undefined;
		case "form":
			return form;
		case "cut":
			return Buffer.concat([form.subarray(0, form.length / 2), Buffer.from("%")]);
		case "binary":
			return Buffer.concat([form, Buffer.from([0x26, 0xff, 0xfe, 0x00, 0x3d, 0xc3, 0x28, 0xed, 0xa0, 0x80])]);
		case "huge":
			return Buffer.concat([form, Buffer.from("&a="), Buffer.alloc(200_000, "x")]);
	}
}

function cookiesFor(
	kind: HostileRequest["cookies"],
	app: App,
	state: State | undefined,
	states: State[],
): string {
	const heldBy = ({ browser }: State) => browser.cookies.header("from this site", app.clock.now());
	const own = state ? heldBy(state) : "";
	const stray = "A".repeat(43);
	switch (kind) {
		case "own":
			return own;
		case "none":
			return "";
		case "garbage":
			return `vestibule-session=%ff; vestibule-sign-in=${stray}; vestibule-browser; =; __proto__=x; ${own}\xe9`;
		case "doubled":
			return `vestibule-session=${stray}; ${own}; vestibule-session=${stray}; vestibule-sign-in=${stray}`;
		case "swapped":
			// A session's token where a sign-in's belongs, and the other way round.
			return own.replaceAll(/vestibule-(session|sign-in)/g, (_, name: string) =>
				name === "session" ? "vestibule-sign-in" : "vestibule-session",
			);
		case "everybody's":
			return states.map(heldBy).filter(Boolean).join("; ");
	}
}
