import type { Clinic } from "../clinics/clinic.ts";
import type { HashedToken, PlainToken } from "../crypto/tokens.ts";
import type { Access } from "../db/tables.ts";
import type { Words } from "../words/words.ts";
import type { Fields } from "./fields.ts";
import type { Network } from "./network.ts";
import type { System } from "./user-agent.ts";

/** One request to one clinic, read and ready: what every handler gets. */
export type Visit = {
	clinic: Clinic;
	/** Epoch milliseconds, read once for the whole request. */
	now: number;
	words: Words;
	network: Network;
	browser: Browser;
	cookies: { session: PlainToken | undefined; signIn: PlainToken | undefined };
	/** Path and query, as asked for. */
	path: string;
	params: Readonly<Record<string, string>>;
	query: Fields;
	form: Fields;
	/** The address in front of which this clinic stands: `https://…`, no slash at the end. */
	origin: string;
	/** Only in the demo. */
	demo: boolean;
	/** Whom to write to when nothing else helps. */
	supportEmail: string;
	/** Set inside a session: whose page this is. */
	reader?: Reader;
	/** Set inside a session or sign-in: what each of its forms carries. */
	formToken?: string;
	/** Set inside a session of somebody who has no method, where the clinic requires one or will: for the banner. */
	banner?: { kind: "scheduled" | "in-force"; on: string } | undefined;
	/** Set inside a session, for the warning before Automatic Sign Out: epoch milliseconds. */
	signsOutAt?: number;
	/** Set where the answer is a wait: nothing is wrong with what was typed. */
	isWait?: boolean;
	/** Set inside a sign-in, for the warning before it runs out: epoch milliseconds. */
	endsAt?: number;
};

export type Browser = {
	/** The browser cookie, where it came along. */
	token: PlainToken | undefined;
	hash: HashedToken | undefined;
	/** For people, as "Chrome on Windows". */
	name: string;
	system: System;
};

/** The signed-in person, as the top bar shows them. */
export type Reader = { name: string; email: string; access: Access };
