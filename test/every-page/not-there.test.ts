import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { paths, signInThen } from "../../src/paths.ts";
import { formToken } from "../bypasses/cookies-of.ts";
import type { Browser } from "../harness/browser.ts";
import { readAnswer } from "./forms.ts";
import { type Stage, setStage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
}, 120_000);
beforeEach(() => stage.restore());
afterAll(() => stage[Symbol.asyncDispose]());

test("what is not there reads the same, whether it is a page or a thing, to whoever asks", async () => {
	const read = async (browser: Browser, address: string) => {
		const { status, body } = await browser.copy().send(address);
		const main = /<main[\s\S]*<\/main>/.exec(body.toString())?.[0];
		return { status, heading: readAnswer(body.toString()).heading, main };
	};
	const { withMethod, withoutMethod, lostPhone, signedOut } = stage.people;
	const nowhere = await read(signedOut.browser, "/no-such-page");
	expect(nowhere).toMatchObject({ status: 404, heading: "There is no page here" });
	const things = ["phone-call", "nothing", "constructor"].map((kind) => paths.turnOff.to(kind));
	for (const address of ["/no-such-page", "/vestibule/1/none.css", "/settings/no-such-page", ...things]) {
		expect(await read(withMethod.browser, address), address).toEqual(nowhere);
	}
	expect(await read(withoutMethod.browser, paths.turnOff.to("authenticator-app"))).toEqual(nowhere);
	expect(await read(lostPhone.browser, paths.turnOff.to("text-message"))).toEqual(nowhere);
});

test("an address that leads nowhere keeps the top bar of whoever is signed in, and shows nobody's to others", async () => {
	const { withMethod, signedOut } = stage.people;
	const read = async (browser: Browser) =>
		(await browser.copy().send("/no-such-page")).body.toString().replaceAll("<wbr>", "");
	expect(await read(withMethod.browser)).toContain(withMethod.email);
	expect(await read(signedOut.browser)).not.toContain('class="person"');
});

test("Settings without a page of it leads Full Access users to Security, and is not there for others", async () => {
	const { withMethod, withoutMethod, signedOut } = stage.people;
	const ask = async (browser: Browser) => {
		const { status, headers } = await browser.copy().send(paths.settings);
		return [status, headers.location];
	};
	expect(await ask(withMethod.browser)).toEqual([303, paths.security]);
	expect(await ask(withoutMethod.browser)).toEqual([404, undefined]);
	expect(await ask(signedOut.browser)).toEqual([303, signInThen(paths.settings)]);
});

test("an address that holds what no database keeps is one of nothing, at every route that names something", async () => {
	const routes = stage.app.routes.filter(({ method, pattern }) => method !== "HEAD" && pattern.includes(":"));
	expect(routes.length).toBeGreaterThan(20);
	const { withMethod, signedOut } = stage.people;
	const tried: [Browser, Record<string, string>][] = [
		[withMethod.browser, { "form-token": formToken(withMethod.browser, "session") }],
		[signedOut.browser, {}],
	];
	for (const [browser, form] of tried) {
		for (const { method, pattern } of routes) {
			for (const part of ["%00", "a%00b", "%00".repeat(30)]) {
				const address = pattern.replaceAll(/:[a-z]+/gi, part);
				const sending = method === "GET" ? {} : { method, form };
				const { status } = await browser.copy().send(address, sending);
				expect(status, `${method} ${address}`).toBeLessThan(500);
			}
		}
	}
});
