import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { type Browser, newBrowser } from "../../test/harness/browser.ts";
import { casey, emailedCode, requireFrom, signIn } from "../../test/harness/people.ts";
import { findClinic } from "../clinics/store.ts";
import { PlainToken } from "../crypto/tokens.ts";
import { Fields } from "../web/fields.ts";
import { networkOf } from "../web/network.ts";
import { en } from "../words/en.ts";
import { askForEmailedCode } from "./ask-for-emailed-code.ts";
import { declineSetUp } from "./decline-set-up.ts";
import { enterEmailedCode } from "./enter-emailed-code.ts";
import { enterSignIn, type SignInVisit } from "./gate.tsx";

const TODAY = "2026-12-07";
const NEXT_WEEK = "2026-12-14";

// What stands before a page has let somebody through; then the rule changes, and only then comes the write.

test("Not now gives no session where the rule has just come into force", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const inside = await letThrough(await signedInTo(app));
	await requireFrom(app, TODAY);
	expect(await declineSetUp(app.deps, inside)).toMatchObject({ kind: "elsewhere", step: { kind: "prove" } });
	expect(await countRows(app, "sessions")).toBe(0);
});

test("Not now gives no session where the sign-in was cancelled, and one where it still stands", async () => {
	await using app = await startApp();
	await requireFrom(app, NEXT_WEEK);
	const cancelled = await signedInTo(app);
	const late = await letThrough(cancelled);
	await endSignIns(app);
	expect(await declineSetUp(app.deps, late)).toEqual({ kind: "over" });
	expect(await countRows(app, "sessions")).toBe(0);

	const inside = await letThrough(await signedInTo(app));
	expect((await declineSetUp(app.deps, inside)).kind).toBe("in");
	expect((await declineSetUp(app.deps, inside)).kind).toBe("over");
	expect(await countRows(app, "sessions")).toBe(1);
});

test("no code is emailed where none is asked for any more", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const inside = await letThrough(await signedInTo(app));
	await requireFrom(app, NEXT_WEEK);
	expect((await askForEmailedCode(app.deps, inside)).kind).toBe("elsewhere");
	await endSignIns(app);
	expect((await askForEmailedCode(app.deps, inside)).kind).toBe("over");
	expect(await countRows(app, "outbox")).toBe(0);
});

test("a code is not spent where none is asked for any more, nor for a sign-in that has ended", async () => {
	await using app = await startApp();
	await requireFrom(app, TODAY);
	const browser = await signedInTo(app);
	await browser.page.click("Email me a code");
	const code = (await emailedCode(app, casey)).replace(" ", "");
	const inside = await letThrough(browser);
	await requireFrom(app, NEXT_WEEK);
	expect((await enterEmailedCode(app.deps, inside, code)).kind).toBe("elsewhere");

	await requireFrom(app, TODAY);
	await endSignIns(app);
	expect((await enterEmailedCode(app.deps, inside, code)).kind).toBe("over");

	const again = await letThrough(await signedInTo(app));
	expect(await enterEmailedCode(app.deps, again, code)).toEqual({
		kind: "elsewhere",
		step: { kind: "forced-set-up" },
	});
});

async function signedInTo(app: App): Promise<Browser> {
	const browser = newBrowser(app);
	await signIn(browser, casey);
	return browser;
}

async function letThrough({ app, cookies, address }: Browser): Promise<SignInVisit> {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	const nothing = new Fields({});
	const visit = {
		clinic,
		now: app.clock.now(),
		words: en,
		network: networkOf(address),
		browser: { token: undefined, hash: undefined, name: "", system: "other" } as const,
		cookies: { session: undefined, signIn: PlainToken.read(cookies.get("vestibule-sign-in")) },
		path: "/",
		params: {},
		query: nothing,
		form: nothing,
		origin: app.url.origin,
		demo: false,
		supportEmail: "",
	};
	const inside = await enterSignIn(app.deps, visit, "GET", "prove", "offer-set-up");
	if ("status" in inside) throw new Error("Nobody was let through");
	return inside;
}

async function endSignIns({ database }: App): Promise<void> {
	await database.backdoor.deleteFrom("sign_ins").execute();
}

async function countRows({ database }: App, table: "sessions" | "outbox"): Promise<number> {
	return (await database.backdoor.selectFrom(table).select("clinic_id").execute()).length;
}
