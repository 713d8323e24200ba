import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { minutes } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import {
	type ChromiumOptions,
	expectNoAxeFindings,
	expectNoSidewaysScrolling,
	openChromium,
} from "../harness/chromium.ts";
import { avery as email } from "../harness/people.ts";
import { type Hands, keyboard, mouse } from "./hands.ts";
import { Person } from "./person.ts";
import { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };
const REQUIRE = "Require 2-Step Verification at Harbour Physio";
const TRUST = "Allow recognized devices to skip 2-Step Verification";

test("an owner requires it from a date, moves it to now, and turns it off again", SLOW, async () => {
	await using app = await startApp();
	await walk(app, {}, mouse);
});

test("the same with scripts turned off, on a phone 375 px wide", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { scripts: false, width: 375 }, mouse);
});

test("the same on a dark phone, 375 px wide, by keyboard alone", SLOW, async () => {
	await using app = await startApp();
	await walk(app, { dark: true, width: 375 }, keyboard);
});

async function walk(app: App, options: ChromiumOptions, handsOf: (page: Page) => Hands): Promise<void> {
	const page = await openChromium(app, options);
	const hands = handsOf(page);
	const avery = new Person(page, hands);
	const look = async () => {
		// Where scripts are off, none of ours run either.
		if (options.scripts !== false) await expectNoAxeFindings(page);
		await expectNoSidewaysScrolling(page);
	};
	const isByKeyboard = handsOf === keyboard;
	/** Into the parts of a date, in the order in which this browser shows them. */
	const typesDate = (year: string, month: string, day: string) =>
		avery.types(isByKeyboard ? month + day + year : `${year}-${month}-${day}`, { into: "Effective date" });
	const unticks = (label: string) => {
		const box = page.getByLabel(label, { exact: true });
		return isByKeyboard ? hands.tick(box) : hands.press(box);
	};
	const edits = (section: string) =>
		hands.press(page.getByRole("region", { name: section }).getByRole("link", { name: "Edit", exact: true }));

	await avery.opens(paths.signIn);
	await avery.types(email, { into: "Email" });
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Sign in");
	await avery.reads("My Account");
	await avery.opens(paths.security);
	await avery.reads("Security");
	await avery.sees("0 of 6 staff have it on");
	await look();

	// Their own first, and from there back to the form.
	await edits("2-Step Verification Enforcement");
	await avery.reads("Set it up for yourself first");
	await look();
	await avery.presses("Set up the authenticator app");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Next");
	await page.locator(".qr").waitFor();
	const phone = await Phone.scan(await avery.picture(), app.clock);
	await avery.follows("Next");
	await avery.types(await phone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("Save your Recovery Code");
	await avery.ticks("I've saved my Recovery Code");
	await avery.presses("Done");
	await avery.reads("2-Step Verification Enforcement");
	await avery.sees("1 of 6 staff have it on");
	await look();

	// A mistake, and then right.
	await avery.ticks(REQUIRE);
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Save");
	await avery.isTold("Choose the date from which it is required.");
	await look();
	await typesDate("2026", "12", "21");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Save");
	await avery.reads("Security");
	await avery.sees("Saved.");
	await avery.sees("From Mon 21 Dec 2026");
	await look();

	// Now, and without recognized devices.
	await edits("2-Step Verification Enforcement");
	await avery.sees("Send reminder to all");
	await look();
	await typesDate("2026", "12", "07");
	await unticks(TRUST);
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Save");
	await avery.sees("In force since Mon 7 Dec 2026");
	await avery.sees("Are asked each time");
	await look();

	// Off, after the heads-up.
	await edits("2-Step Verification Enforcement");
	await unticks(REQUIRE);
	await avery.presses("Save");
	await avery.reads("Stop requiring 2-Step Verification at Harbour Physio?");
	await avery.sees("cybersecurity insurance");
	await look();
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Stop requiring it");
	await avery.reads("Security");
	await avery.sees("Nobody at Harbour Physio has to have it.");

	await edits("Automatic Sign Out");
	await avery.reads("Automatic Sign Out");
	await look();
	// Among radio buttons Tab stops at the chosen one, and the arrows go on from there.
	await avery.ticks(isByKeyboard ? "2 hours (default)" : "30 minutes");
	for (let times = 0; isByKeyboard && times < 2; times++) await page.keyboard.press("ArrowUp");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Save");
	await avery.sees("30 minutes of inactivity");
	await look();
	expect(await findClinic(app.db, "the-only-one")).toMatchObject({
		signOutAfterMs: minutes(30),
		rule: { requiredFromOn: null, allowsTrust: false, allowsTexts: true, version: 3, trustVersion: 1 },
	});
}
