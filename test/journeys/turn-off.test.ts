import { describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type Browser, newBrowser } from "../harness/browser.ts";
import {
	avery,
	casey,
	requireFrom,
	setUpAuthenticatorApp,
	setUpTextMessages,
	signIn,
	signInTrusting,
	signOut,
} from "../harness/people.ts";

const TODAY = "2027-07-02";
const HEADS_UP = "affect a claim on your clinic's cybersecurity insurance";

test("before turning off, the page suggests to trust this browser instead", async () => {
	await using app = await startApp();
	const { desk, authenticator } = await withAnApp(app);
	const page = await desk.open(paths.turnOff.to("authenticator-app"));
	expect(page.text).toContain(
		"Then trust this browser instead: at your next sign-in, tick “Trust this browser",
	);
	expect(page.text).toContain("Clearing cookies or a private window asks for a code again.");
	expect(page.text).toContain(HEADS_UP);
	expect((await page.click("Keep it on")).path).toBe(paths.twoStep);

	await signOut(desk);
	await signInTrusting(desk, casey, authenticator);
	const trusting = await desk.open(paths.turnOff.to("authenticator-app"));
	expect(trusting.text).toMatch(
		/You trust this browser: until \w+ \d+ \w+ \d{4} you need only your password here\./,
	);
	expect(trusting.text).toContain("Clearing cookies or a private window asks for a code again.");
});

test("where the clinic does not allow that, it says so and who can change it", async () => {
	await using app = await startApp();
	await requireFrom(app, null, { allowsTrust: false });
	const { desk } = await withAnApp(app);
	const page = await desk.open(paths.turnOff.to("authenticator-app"));
	expect(page.text).toContain("Harbour Physio doesn't allow trusted browsers");
	expect(page.text).toContain("A Full Access user of your clinic can change this in Settings → Security.");
	expect(page.text).not.toContain("tick “Trust this browser");
	expect(page.links).not.toContain("Open Security");

	const owner = newBrowser(app);
	await signIn(owner, avery);
	await setUpAuthenticatorApp(owner);
	const theirs = await owner.open(paths.turnOff.to("authenticator-app"));
	expect(theirs.href("Open Security")).toBe(paths.enforcement);
});

describe("with enforcement in force", () => {
	test("the last method can only be replaced, and the page says who can change that", async () => {
		await using app = await startApp();
		const { desk } = await withAnApp(app);
		const stale = await desk.open(paths.turnOff.to("authenticator-app"));
		await requireFrom(app, TODAY);

		const twoStep = await desk.open(paths.twoStep);
		expect(twoStep.links).not.toContain("Turn off");
		expect(twoStep.text).toContain("Your last method can be replaced, but not turned off.");
		const late = await stale.submit({ Password: DEMO_PASSWORD }, "Turn off");
		expect(late.heading).toBe("Authenticator App can't be turned off now");
		expect(late.text).toContain(
			"Harbour Physio has required 2-Step Verification since Fri 2 Jul 2027, and this is your last method.",
		);
		expect(late.text).toContain("A Full Access user of your clinic can change this in Settings → Security.");
		expect((await late.click("Replace")).heading).toBe("Replace the authenticator app");
		expect(await methodsOf(app)).toEqual(["authenticator-app"]);
	});

	test("of two methods one can still be turned off, and then no more", async () => {
		await using app = await startApp();
		const { desk } = await withAnApp(app);
		await setUpTextMessages(desk);
		await requireFrom(app, TODAY);
		// Both at the same moment: one of them goes, and the other stays on.
		const pages = [
			await desk.open(paths.turnOff.to("authenticator-app")),
			await desk.open(paths.turnOff.to("text-message")),
		];
		await Promise.all(pages.map((page) => page.submit({ Password: DEMO_PASSWORD }, "Turn off")));
		expect(await methodsOf(app)).toHaveLength(1);
	});

	test("a rule saved while the password is being checked is asked again by the write", async () => {
		await using app = await startApp();
		const { desk } = await withAnApp(app);
		const page = await desk.open(paths.turnOff.to("authenticator-app"));
		const { hasher } = app.deps;
		const verify = hasher.verify.bind(hasher);
		hasher.verify = async (...asked) => {
			await requireFrom(app, TODAY);
			return verify(...asked);
		};
		const late = await page.submit({ Password: DEMO_PASSWORD }, "Turn off");
		expect(late.heading).toBe("Authenticator App can't be turned off now");
		expect(await methodsOf(app)).toEqual(["authenticator-app"]);
	});

	test("until its date the last method can be turned off", async () => {
		await using app = await startApp();
		const { desk } = await withAnApp(app);
		await requireFrom(app, "2027-07-03");
		const page = await (await desk.open(paths.twoStep)).click("Turn off");
		expect((await page.submit({ Password: DEMO_PASSWORD }, "Turn off")).text).toContain("is turned off");
		expect(await methodsOf(app)).toEqual([]);
	});
});

/** Casey at a desk, on a Friday afternoon in Vancouver. */
async function withAnApp(app: App) {
	app.clock.at(Date.parse(`${TODAY}T21:05:00Z`));
	const desk: Browser = newBrowser(app);
	await signIn(desk, casey);
	return { desk, ...(await setUpAuthenticatorApp(desk)) };
}

async function methodsOf({ database: { backdoor } }: App): Promise<string[]> {
	const rows = await backdoor.selectFrom("methods").select("kind").execute();
	return rows.map(({ kind }) => kind);
}
