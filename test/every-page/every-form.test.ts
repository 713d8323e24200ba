import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hours } from "../../src/clock.ts";
import { paths } from "../../src/paths.ts";
import type { Reply } from "../harness/browser.ts";
import { attribute, elements, parsePage } from "../harness/html.ts";
import { whatIsWrongWith } from "./decent-answer.ts";
import { type Form, type FormField, filledIn, readAnswer } from "./forms.ts";
import { type Stage, setStage } from "./stage.ts";

type Entry = [name: string, value: string];

/** What would make a number or an email somebody's own, if any form took it. */
const unasked = {
	email: "his.own@mail.example",
	mobile: "+16045550166",
	"new-email": "his.own@mail.example",
	new_email: "his.own@mail.example",
	number: "+16045550166",
	to: "+16045550166",
	verified: "true",
	email_verified: "true",
	"number-verified": "on",
	confirmed: "yes",
	confirmed_at: "1",
};

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
}, 120_000);
beforeEach(() => stage.restore());
afterAll(() => stage[Symbol.asyncDispose]());

test("the forms of every part are found, so that what follows speaks of all of them", () => {
	const actions = new Set(stage.forms.map(({ action }) => action.split("?")[0] ?? ""));
	const posted = stage.app.routes.filter(({ method }) => method === "POST").map(({ pattern }) => pattern);
	const isShown = (pattern: string) => {
		const shape = new RegExp(`^${pattern.replaceAll(/:[a-z]+/gi, "[^/]+")}$`);
		return [...actions].some((action) => shape.test(action));
	};
	// A carrier's receipt comes from no page.
	const unseen = [paths.receipt.pattern];
	expect(posted.filter((pattern) => !isShown(pattern))).toEqual(unseen);
	// The clinic's rule: its form, the one that confirms it, and the one before it for who has no method.
	const ofTheRule = stage.forms.filter(({ action }) => action === paths.enforcement);
	const fields = ofTheRule.map((form) => form.fields.map(({ name }) => name));
	for (const name of ["effective-date", "confirmed", "kind"]) {
		expect(
			fields.some((names) => names.includes(name)),
			name,
		).toBe(true);
	}
});

describe("a form comes back with what to do, the field named, and nothing secret", () => {
	test("sent empty", async () => {
		for (const form of stage.forms.filter((each) => typedFields(each).length > 0)) {
			const typed = typedFields(form).map(({ name }) => name);
			const empty = filledIn(form).map(([name, right]): Entry => [name, typed.includes(name) ? "" : right]);
			expectToMend(form, empty, await send(form, empty), typed);
		}
	});

	test("without one of its fields", async () => {
		for (const form of stage.forms) {
			for (const field of typedFields(form)) {
				await stage.restore();
				const rest = filledIn(form).filter(([name]) => name !== field.name);
				const answer = await send(form, rest);
				// Nobody has to have a number on their staff profile.
				const isOptional = field.name === "mobile" && !form.action.includes("/text-message");
				if (isOptional && answer.status === 303) expectDecent(form, answer);
				else expectToMend(form, rest, answer, [field.name]);
			}
		}
	});

	test("with ten thousand characters in a field", async () => {
		for (const form of stage.forms) {
			for (const field of typedFields(form)) {
				await stage.restore();
				const entries = withOther(form, field, "x1".repeat(5_000));
				expectToMend(form, entries, await send(form, entries));
			}
		}
	});

	test("with markup in a field, which stays the text that it is", async () => {
		// Too short to be a new password.
		const typed = '"><hostile>@x';
		for (const form of stage.forms) {
			for (const field of typedFields(form)) {
				await stage.restore();
				const entries = withOther(form, field, typed);
				const answer = await send(form, entries);
				// An email that can be one, and what is free to be anything, is no mistake.
				if (answer.status === 200) expectDecent(form, answer);
				else if (answer.status === 303 && isFree(field)) await expectShownDecently(form, answer);
				else expectToMend(form, entries, answer);
				if (!comesBack(field)) expect(answer.body.toString(), about(form)).not.toContain("hostile");
			}
		}
	});

	test("with a megabyte in it: too much, on a page that says so", async () => {
		for (const form of stage.forms) {
			const answer = await send(form, [...filledIn(form), ["a", "x".repeat(1_000_000)]]);
			expectDecent(form, answer);
			expect(answer.status, about(form)).toBe(413);
			expect(readAnswer(answer.body.toString()).heading).toBe("That was too much to send");
		}
	});

	test("without its form token, or with somebody else's: nothing is changed", async () => {
		for (const form of stage.forms.filter(isBound)) {
			const rest = filledIn(form).filter(([name]) => name !== "form-token");
			const others = stage.forms.filter(({ state }) => state !== form.state).flatMap(({ fields }) => fields);
			const foreign = others.find(({ name }) => name === "form-token")?.value ?? "";
			for (const entries of [rest, [["form-token", foreign], ...rest] as Entry[]]) {
				const before = stage.app.database.statements.length;
				const answer = await send(form, entries);
				expectDecent(form, answer);
				expect(answer.status, about(form)).toBe(403);
				expect(writesSince(before), about(form)).toEqual([]);
			}
		}
	});
});

describe("a form filled in right leads on", () => {
	test("with a field sent twice as with once, and fields that nobody asked for prove no number and no email", async () => {
		for (const form of stage.forms) {
			await stage.restore();
			const once = await send(form, filledIn(form));
			expectDecent(form, once);
			expect(
				once.status,
				`${about(form)}: ${readAnswer(once.body.toString()).errors[0]?.sentence}`,
			).toBeLessThan(400);
			await stage.restore();
			const own = filledIn(form);
			const more = Object.entries(unasked).filter(([name]) => own.every(([each]) => each !== name));
			const twice = await send(form, [...own.flatMap((entry) => [entry, entry]), ...more]);
			expect([twice.status, withoutIds(twice)], about(form)).toEqual([once.status, withoutIds(once)]);
			expect(await provedTo(unasked.email, unasked.mobile), about(form)).toEqual([]);
		}
	});

	test("sent twice at the same moment it opens no more than once, and both are answered", async () => {
		for (const form of stage.forms) {
			await stage.restore();
			const entries = filledIn(form);
			const before = await countSessions();
			const answers = await Promise.all([send(form, entries), send(form, entries)]);
			for (const answer of answers) expectDecent(form, answer);
			// An email and a password are a sign-in each time; what comes after opens once.
			const most = form.action === paths.signIn ? 2 : 1;
			expect((await countSessions()) - before, about(form)).toBeLessThanOrEqual(most);
		}
	});

	test("sent again with the back button it leads to a page that says what is so", async () => {
		for (const form of stage.forms) {
			await stage.restore();
			const browser = form.state.browser.copy();
			const entries = new URLSearchParams(filledIn(form));
			await browser.post(form.action, entries);
			const page = await browser.post(form.action, entries);
			// A file to keep is no page, and may be had again.
			const isFile = page.headers["content-disposition"]?.startsWith("attachment");
			if (!isFile) expect(page.heading, about(form)).not.toBe("");
			// A message is not sent twice.
			const statuses = /\/resend(\?|$)/.test(form.action) ? [429] : [200, 410, 422];
			// With a new password the session has another token, and so has every form of it.
			if (form.action === paths.password) statuses.push(403);
			expect(statuses, `${about(form)} ends at ${page.path}`).toContain(page.status);
			if (page.status === 422) expect(page.errors, about(form)).not.toEqual([]);
		}
	});
});

describe("a form that comes too late", () => {
	test("of a sign-in that ran out leads to Sign in, with a sentence that says so", async () => {
		// The longest that one may wait.
		stage.app.clock.forward(hours(1) + 1_000);
		const late = stage.forms.filter(
			(form) => isOfSignIn(form) && form.action !== paths.cancelSignIn && isBound(form),
		);
		expect(late.length).toBeGreaterThan(2);
		for (const form of late) {
			const page = await form.state.browser.copy().post(form.action, new URLSearchParams(filledIn(form)));
			expect(page.path, about(form)).toBe(`${paths.signIn}?notice=over`);
			expect(readAnswer(page.html).notices.join(), about(form)).toContain("That sign-in has ended");
		}
	});

	test("of a session that ran out changes nothing and leads to Sign in", async () => {
		const late = stage.forms.filter((form) => !isOfSignIn(form) && isBound(form));
		expect(late.length).toBeGreaterThan(10);
		stage.app.clock.forward(hours(3));
		// Emails under way, and due by now, change rows by themselves.
		await stage.app.drain();
		for (const form of late) {
			const before = stage.app.database.statements.length;
			const page = await form.state.browser.copy().post(form.action, new URLSearchParams(filledIn(form)));
			expect(page.heading, about(form)).toBe("Sign in to Harbour Physio");
			expect(writesSince(before), about(form)).toEqual([]);
		}
	});

	test("of a sign-in that was finished leads the browser that holds the session home", async () => {
		const form = stage.forms.find(
			({ action, state }) => action === paths.verify && state === stage.people.inSignIn,
		);
		if (!form) throw new Error("There is no code to enter");
		const browser = form.state.browser.copy();
		const entries = new URLSearchParams(filledIn(form));
		expect((await browser.post(form.action, entries)).heading).toBe("My Account");
		const again = await browser.send(form.action, { method: "POST", form: entries });
		expect([again.status, again.headers.location]).toEqual([303, paths.home]);
		// In another browser, which holds none, it is over.
		const stranger = await form.state.browser.copy().post(form.action, entries);
		expect(stranger.path).toBe(`${paths.signIn}?notice=over`);
	});
});

function send({ state, action }: Form, entries: Entry[]): Promise<Reply> {
	return state.browser.copy().send(action, { method: "POST", form: new URLSearchParams(entries) });
}

/** What is typed: not what is hidden, ticked or pressed. */
function typedFields({ fields }: Form): FormField[] {
	return fields.filter(({ type }) => ["text", "email", "password", "tel", "textarea", "date"].includes(type));
}

/** Whether what was typed stands in the field again. */
function comesBack({ name, type, autocomplete }: FormField): boolean {
	const isSecret = type === "password" || autocomplete === "one-time-code" || name === "recovery-code";
	return !isSecret;
}

/** Whether it may hold whatever somebody writes: a reason, a name. */
function isFree(field: FormField): boolean {
	return field.type === "text" && comesBack(field);
}

/** Where a form led, and the log of what happened, show what was written as the text that it is. */
async function expectShownDecently(form: Form, { headers }: Reply): Promise<void> {
	const browser = form.state.browser.copy();
	for (const page of [headers.location ?? "", paths.activity]) {
		const answer = await browser.send(page);
		expect(answer.status, `${about(form)}, and then ${page}`).toBe(200);
		expectDecent(form, answer);
	}
}

/** Where it leads; what was just made has another id each time. */
function withoutIds({ headers }: Reply): string | undefined {
	return headers.location?.replaceAll(/[0-9a-f-]{36}/g, "an-id");
}

function isOfSignIn({ state }: Form): boolean {
	const { inSignIn, inSignInByText, proving, forcedTexts, offered } = stage.people;
	return [inSignIn, inSignInByText, proving, forcedTexts, offered].includes(state);
}

/** Whether it belongs to one session or sign-in. */
function isBound({ fields }: Form): boolean {
	return fields.some(({ name }) => name === "form-token");
}

function withOther(form: Form, field: FormField, value: string): Entry[] {
	return filledIn(form).map(([name, right]) => [name, name === field.name ? value : right]);
}

function expectDecent(form: Form, { status, headers, body }: Reply): void {
	const wrong = whatIsWrongWith({ status, headers, body: body.toString() }, "POST", stage.app);
	expect(wrong, about(form)).toEqual([]);
}

/**
 * The form again: a sentence for what is to mend, at its field, an email, a number or a day as it was typed, and no password or code.
 *
 * @param named one of these fields has to be the first to mend
 */
function expectToMend(form: Form, sent: Entry[], answer: Reply, named: string[] = []): void {
	expectDecent(form, answer);
	const html = answer.body.toString();
	expect(answer.status, about(form)).toBe(422);
	const { errors } = readAnswer(html);
	expect(errors.length, about(form)).toBeGreaterThan(0);
	for (const { field, sentence } of errors) {
		expect(sentence, about(form)).toMatch(/^[A-Z].+[.?]$/);
		if (field !== undefined) {
			expect(html, about(form)).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"`));
		}
	}
	if (named.length > 0) expect(named, about(form)).toContain(errors[0]?.field);
	for (const field of typedFields(form)) {
		const typed = sent.find(([each]) => each === field.name)?.[1] ?? "";
		expect(valueIn(html, field.name), about(form)).toBe(comesBack(field) ? typed.slice(0, 4_096) : "");
	}
}

/** What a field holds in a page. */
function valueIn(html: string, name: string): string {
	const field = elements(parsePage(html), "input").find((input) => attribute(input, "name") === name);
	return (field && attribute(field, "value")) ?? "";
}

function writesSince(statement: number): string[] {
	const isLastSeen = (sql: string) => /^update "sessions" set "last_seen_at"/.test(sql);
	const sent = stage.app.database.statements.slice(statement);
	return sent.filter((sql) => /^(insert|update|delete)/.test(sql) && !isLastSeen(sql));
}

/** Whose own this email or number is by now. */
async function provedTo(email: string, number: string): Promise<string[]> {
	const { backdoor } = stage.app.database;
	const numbers = backdoor.selectFrom("text_message_numbers").select("profile_id");
	const profiles = backdoor.selectFrom("profiles").select("profile_id");
	const rows = [
		...(await numbers.where("number", "=", number).execute()),
		...(await profiles.where("email", "=", email).execute()),
	];
	return rows.map((row) => row.profile_id);
}

async function countSessions(): Promise<number> {
	return (await stage.app.database.backdoor.selectFrom("sessions").select("session_id").execute()).length;
}

function about({ state, page, action, fields }: Form): string {
	return `${state.name}, on ${page}: ${action} with ${fields.map(({ name }) => name).join(", ")}`;
}
