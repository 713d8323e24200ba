import { expect } from "vitest";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import { casey } from "../harness/people.ts";
import type { AtABrowser } from "./at-a-browser.ts";
import { Phone } from "./phone.ts";

export const ASKS_APP = "Enter the code from your authenticator app";
export const LOST = "Lost your phone?";
export const REPLACE = "I've lost it: replace it now";
export const KEEP = "I just don't have it with me: keep it";

/** From Staff to the page of one person. */
export async function opensColleague(helper: AtABrowser, name: string): Promise<void> {
	await helper.opens(paths.account);
	await helper.follows("Staff");
	await helper.reads("Staff");
	await helper.follows(name);
	await helper.reads(name);
}

export type Told =
	| { how: "In person"; lives?: "15 minutes" | "24 hours" }
	| { how: "I call the number above"; number: string; lives?: "15 minutes" | "24 hours" };

/** Gives a temporary code to somebody whose page is open. @returns it, as it is told */
export async function givesCode(helper: AtABrowser, name: string, told: Told): Promise<string> {
	await helper.follows("Give a temporary code");
	await helper.reads(`Give ${name} a temporary code`);
	if (told.how === "I call the number above") {
		await helper.sees(`Call the number on their staff profile, and no other: ${told.number}`);
	}
	await helper.picks(told.how);
	if (told.lives) await helper.picks(told.lives);
	await helper.types(DEMO_PASSWORD, { into: "Your password" });
	await helper.presses("Give a temporary code");
	await helper.reads(`Temporary code for ${name}`);
	const code = await helper.page.locator("p.code-to-tell").innerText();
	expect(code).toMatch(/^\d{4} \d{4}$/);
	await helper.follows("I've told them");
	await helper.reads(name);
	return code;
}

/** Enters what a colleague told them, where it is asked for. */
export async function entersTemporaryCode(person: AtABrowser, code: string): Promise<void> {
	await person.reads("Enter your temporary code");
	await person.types(code, { into: "Temporary code" });
	await person.presses("Submit");
}

/** At the second step with an app: what can work, in the order to try it. */
export async function opensHelp(person: AtABrowser): Promise<void> {
	await person.reads(ASKS_APP);
	await person.follows("Try another way");
	await person.follows("I'm locked out");
	await person.reads("Can't sign in?");
}

/** At the second step: the other ways, and there the temporary code. */
export async function usesTemporaryCode(person: AtABrowser, code: string): Promise<void> {
	await person.follows("Try another way");
	await person.reads("Try another way");
	await person.follows("Use a temporary code");
	await entersTemporaryCode(person, code);
}

/** From the QR code to the end, on a phone just bought. */
export async function scansWithNewPhone(app: App, person: AtABrowser): Promise<Phone> {
	await person.reads("Scan this with your authenticator app");
	const phone = await Phone.scan(await person.picture(), app.clock);
	await person.follows("Next");
	await person.entersCode(await phone.code());
	await savesRecoveryCode(person);
	return phone;
}

export async function savesRecoveryCode(person: AtABrowser): Promise<void> {
	await person.reads("Save your Recovery Code");
	await person.ticks("I've saved my Recovery Code");
	await person.presses("Done");
	await person.sees("You're all set.");
}

/** Whoever found the phone that was lost, and the paper, stays outside. */
export async function oldOnesAreRefused(
	person: AtABrowser,
	old: { authenticator: { code(): string }; recoveryCode: string },
): Promise<void> {
	await person.reads(ASKS_APP);
	await person.entersCode(old.authenticator.code());
	await person.isTold("That code isn't right.");
	await person.follows("Use recovery code instead");
	await person.types(old.recoveryCode, { into: "Recovery Code" });
	await person.presses("Submit");
	await person.isTold("That isn't your Recovery Code.");
}

/** Asks for a link, opens it from the inbox and chooses a new password. */
export async function choosesNewPassword(app: App, person: AtABrowser, password: string): Promise<void> {
	await person.opens(paths.signIn);
	await person.follows("Forgot your password?");
	await person.types(person.email, { into: "Email" });
	await person.presses("Email me a link");
	await person.reads("Check your email");
	const link = (await app.inbox.latest(person.email)).links.find((each) =>
		each.includes(paths.setPassword.to("")),
	);
	await person.opens(link ?? "");
	await person.types(password, { into: "New password" });
	await person.presses("Save password");
	await person.sees("Your password is saved.");
}

/** The subjects of what came to an address since the inbox was cleared, without the clinic's name. */
export async function subjectsTo(app: App, to: string = casey): Promise<string[]> {
	return (await app.inbox.all(to)).map(({ subject }) => subject.replace(" – Harbour Physio", ""));
}
