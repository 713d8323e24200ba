import { paths } from "../src/paths.ts";
import { codeOf, PASSWORD, type Person } from "./clinic-of-many.ts";
import { expectStatus, type Site, Visitor } from "./http.ts";
import { HOME } from "./vestibule.ts";

/** A sign-in that waits for its code. */
export type Waiting = { visitor: Visitor; person: Person; formToken: string };

/** A whole sign-in as a browser does it that has the stylesheet already: five requests, one of them hashes. */
export async function signIn(site: Site, person: Person): Promise<void> {
	const visitor = new Visitor(site);
	expectStatus(await visitor.get(paths.signIn), 200, "The sign-in page");
	await enterCode(await enterPassword(site, person, visitor));
	const home = expectStatus(await visitor.get(paths.home), 303, "The way home");
	if (home.headers.location !== HOME) throw new Error("The sign-in gave no session");
}

/** The first step: the password, and the page that asks for the code. */
export async function enterPassword(
	site: Site,
	person: Person,
	visitor = new Visitor(site),
): Promise<Waiting> {
	const form = { email: person.email, password: PASSWORD };
	expectStatus(await visitor.post(paths.signIn, form), 303, "The password");
	const page = expectStatus(await visitor.get(paths.verify), 200, "The page that asks for the code");
	const [, formToken = ""] = /name="form-token" value="([^"]+)"/.exec(page.body.toString("utf8")) ?? [];
	return { visitor, person, formToken };
}

/** The second step: one request. */
export async function enterCode({ visitor, person, formToken }: Waiting): Promise<void> {
	const form = { "form-token": formToken, code: codeOf(person) };
	const reply = expectStatus(await visitor.post(paths.verify, form), 303, "The code");
	if (reply.headers.location !== paths.home) throw new Error(`The code led to ${reply.headers.location}`);
}
