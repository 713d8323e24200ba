import { expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { type ChromiumOptions, openChromium } from "../harness/chromium.ts";
import { avery as email } from "../harness/people.ts";
import { readPdf } from "../harness/programs.ts";
import { keyboard, mouse } from "./hands.ts";
import { Person } from "./person.ts";
import { Phone } from "./phone.ts";

const SLOW = { timeout: 600_000 };

test("a person sets up, signs in with a code, loses the phone and gets back in", SLOW, async () => {
	await using app = await startApp();
	await passThroughBothDoors(app, new Person(await openChromium(app), mouse()));
});

test("the same with scripts turned off", SLOW, async () => {
	await using app = await startApp();
	await passThroughBothDoors(app, new Person(await openChromium(app, { scripts: false }), mouse()));
});

test("the same on a dark phone, 375 px wide, by keyboard alone", SLOW, async () => {
	await using app = await startApp();
	const phone: ChromiumOptions = { width: 375, dark: true };
	const page = await openChromium(app, phone);
	await passThroughBothDoors(app, new Person(page, keyboard(page)));
});

async function passThroughBothDoors(app: App, avery: Person): Promise<void> {
	await entersPassword(avery);
	await avery.reads("My Account");

	// Setting up.
	await avery.choosesFromOwnMenu("My Account");
	await avery.follows("2-Step Verification");
	await avery.reads("2-Step Verification");
	await avery.follows("Set up", { near: "Authenticator App" });
	await avery.reads("Set up the authenticator app");
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Next");
	const phone = await scansTheQrCode(app, avery);
	await avery.sees("Harbour Physio");
	await avery.types(await phone.code(), { into: "Verification code" });
	await avery.presses("Submit");

	// The Recovery Code, on paper.
	const recoveryCode = await downloadsTheRecoveryCode(avery);
	await avery.ticks("I've saved my Recovery Code");
	await avery.presses("Done");
	await avery.reads("2-Step Verification");
	await avery.sees("You're all set.");
	await signsOut(avery);

	// An ordinary day.
	await entersPassword(avery);
	await avery.reads("Enter the code from your authenticator app");
	await avery.types(await phone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("My Account");
	await signsOut(avery);

	// The phone is gone.
	await entersPassword(avery);
	await avery.follows("Use recovery code instead");
	await avery.reads("Enter your Recovery Code");
	await avery.types(recoveryCode, { into: "Recovery Code" });
	await avery.presses("Submit");
	await avery.reads("Lost your phone?");
	await avery.presses("I've lost it: replace it now");
	const newPhone = await scansTheQrCode(app, avery);
	await avery.types(await newPhone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	const newRecoveryCode = await downloadsTheRecoveryCode(avery);
	expect(newRecoveryCode).not.toBe(recoveryCode);
	await avery.ticks("I've saved my Recovery Code");
	await avery.presses("Done");
	await avery.sees("You're all set.");
	await signsOut(avery);

	// Whoever found the old phone and the old paper stays outside.
	await entersPassword(avery);
	await avery.types(await phone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.isTold("That code isn't right.");
	await avery.follows("Use recovery code instead");
	await avery.types(recoveryCode, { into: "Recovery Code" });
	await avery.presses("Submit");
	await avery.isTold("That isn't your Recovery Code.");

	// With the new phone the door opens.
	await avery.follows("Try another way");
	await avery.reads("Try another way");
	await avery.presses("Use the app");
	await avery.types(await newPhone.code(), { into: "Verification code" });
	await avery.presses("Submit");
	await avery.reads("My Account");
}

async function entersPassword(avery: Person): Promise<void> {
	await avery.opens(paths.signIn);
	await avery.reads("Sign in to Harbour Physio");
	await avery.types(email, { into: "Email" });
	await avery.types(DEMO_PASSWORD, { into: "Password" });
	await avery.presses("Sign in");
}

async function scansTheQrCode(app: App, avery: Person): Promise<Phone> {
	await avery.reads("Scan this with your authenticator app");
	const phone = await Phone.scan(await avery.picture(), app.clock);
	expect(phone.address.href).toMatch(/^otpauth:\/\/totp\/HarbourPhysio:avery%40harbour\.example\?secret=/);
	await avery.follows("Next");
	await avery.reads("Enter the code from your authenticator app");
	return phone;
}

/** What the paper says is what the page shows, and nothing on it opens the first door. @returns the code as printed */
async function downloadsTheRecoveryCode(avery: Person): Promise<string> {
	await avery.reads("Save your Recovery Code");
	const paper = await readPdf(await avery.downloads("Download"));
	expect(paper).toContain("Harbour Physio");
	expect(paper).toContain("Avery Chen");
	expect(paper).toContain("Mon 7 Dec 2026");
	expect(paper).toContain("privacy@vestibule.example");
	expect(paper).not.toContain(DEMO_PASSWORD);
	const code = /\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b/.exec(paper)?.[0] ?? "no code on the paper";
	await avery.sees(code.replaceAll("-", " "));
	return code;
}

async function signsOut(avery: Person): Promise<void> {
	await avery.choosesFromOwnMenu("Sign out");
	await avery.reads("Sign out of Harbour Physio?");
	await avery.presses("Sign out");
	await avery.sees("You are signed out.");
}
