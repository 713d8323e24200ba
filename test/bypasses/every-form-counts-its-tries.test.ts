import { afterAll, beforeAll, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { type Form, type FormField, filledIn } from "../every-page/forms.ts";
import { type Stage, setStage } from "../every-page/stage.ts";
import type { App } from "../harness/app.ts";
import { signIn } from "../harness/people.ts";
import { cookies, formToken, isIn } from "./cookies-of.ts";
import { isSecret, otherThan } from "./secret-fields.ts";
import { doorsKept } from "./what-is-kept.ts";

let stage: Stage;
let app: App;
beforeAll(async () => {
	stage = await setStage({ environment: { VESTIBULE_LOG_LEVEL: "silent" } });
	app = stage.app;
}, 120_000);
afterAll(() => stage[Symbol.asyncDispose]());

/** Each kind of secret at each address, once. */
const asking = () =>
	new Map(
		stage.forms.flatMap((form) => {
			const field = form.fields.find(isSecret);
			return field ? [[`${field.autocomplete} ${form.action.split("?")[0]}`, { form, field }] as const] : [];
		}),
	);
type Asking = { form: Form; field: FormField };

/** With the very cookies from before the first try, each time. */
async function send({ form }: Asking, entries: [string, string][], browser = form.state.browser) {
	const body = new URLSearchParams(entries);
	const reply = await browser.copy().send(form.action, { method: "POST", form: body });
	// No session, and nothing in which something could be counted.
	const given = reply.headers["set-cookie"]?.filter((line) => !/^[\w-]+=;/.test(line)) ?? [];
	expect(given, form.action).toEqual([]);
	return reply.status;
}
const wrongIn = ({ form, field }: Asking) =>
	filledIn(form).map(([name, value]): [string, string] => [
		name,
		name === field.name ? otherThan(value) : value,
	]);

/** Enters wrong ones until the form takes none any more. The most that any of them looks at is 30. */
async function useUp(asked: Asking): Promise<number> {
	const wrong = wrongIn(asked);
	let tries = 0;
	for (let status = 422; status === 422 && tries < 31; tries++) status = await send(asked, wrong);
	return tries;
}

/** What counts, or ends with wrong ones, may be another; what a right one opens or changes may not. */
async function kept() {
	const { methods, passwords, sessions, sign_ins, ...kept } = await doorsKept(app);
	const { profiles, clinics, recovery_codes, temporary_codes, email_changes, not_me_links } = kept;
	const on = methods?.map(({ method_id }) => method_id);
	const hashes = passwords?.map(({ hash }) => hash);
	const proved = sessions?.filter(
		({ signed_in_by: by, method_passed_at: at }) => by === "trusted-browser" && at,
	);
	const passed = sign_ins?.filter((row) => row.emailed_code_passed_at ?? row.temporary_code_passed_at);
	const counts = { proved: proved?.length, passed: passed?.length };
	return {
		...counts,
		...{ profiles, clinics, on, hashes, recovery_codes, temporary_codes, email_changes, not_me_links },
	};
}

test("every form that asks for a password or a code looks at so many wrong ones, and then not at the right one either, also where what follows a try fails, and with whatever cookies", async () => {
	expect(asking().size).toBeGreaterThan(25);
	for (const [what, asked] of asking()) {
		const { form, field } = asked;
		const { browser } = form.state;
		await stage.restore();
		const before = await kept();
		const tries = await useUp(asked);
		// Inside a session five of them end it.
		const isInside = browser.cookies.get(cookies.session) && !isSetUp(form);
		if (isInside) expect([tries, await isIn(browser)], what).toEqual([5, false]);
		await send(asked, filledIn(form));
		expect(await kept(), what).toEqual(before);

		await stage.restore();
		// A wrong one is recorded; in a set-up nothing is written after it, and what it is compared with is out of reach.
		const away = isSetUp(form)
			? (["authenticator_steps", "text_codes"] as const)
			: (["activity_events"] as const);
		await without(away, async () => {
			for (let tried = 0; tried < tries; tried++) {
				const status = await send(asked, wrongIn(asked));
				if (tried === 0) expect(status, what).toBe(500);
			}
		});
		await send(asked, filledIn(form));
		expect(await kept(), `${what}, where it failed`).toEqual(before);

		// Five end a session, where of passwords and Recovery Codes a new one looks at the rest of 10 and 30.
		if (browser.cookies.get(cookies.session) && field.autocomplete !== "one-time-code") continue;

		// With no cookie but the browser's own, which chooses the count.
		const anew = browser.copy();
		const own = anew.cookies.get(cookies.browser);
		anew.cookies.clear();
		if (own) anew.cookies.set(cookies.browser, own);
		let entries = filledIn(form);
		if (form.action !== paths.signIn) {
			await signIn(anew, form.state.email, form.state.password);
			const holds = anew.cookies.get(cookies.session) ? "session" : "signIn";
			const token = formToken(anew, holds);
			entries = entries.map(([name, value]) => [name, name === "form-token" ? token : value]);
		}
		const signedIn = await kept();
		await send(asked, entries, anew);
		expect(await kept(), `${what}, in a new sign-in`).toEqual(signedIn);
	}
});

/** A set-up has tries of its own, and is gone with them. */
function isSetUp({ action }: Form): boolean {
	return action.split("?")[0]?.endsWith("/code") ?? false;
}

/** Whatever reads or writes these tables fails meanwhile. */
async function without(tables: readonly string[], during: () => Promise<void>): Promise<void> {
	const { schema } = app.database.backdoor;
	const rename = (from: string, to: string) => schema.alterTable(from).renameTo(to).execute();
	for (const table of tables) await rename(table, `${table}_away`);
	try {
		await during();
	} finally {
		for (const table of tables) await rename(`${table}_away`, table);
	}
}
