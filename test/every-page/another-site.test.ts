import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { everythingKept } from "../bypasses/what-is-kept.ts";
import { filledIn } from "./forms.ts";
import { type Stage, setStage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
}, 120_000);
beforeEach(() => stage.restore());
afterAll(() => stage[Symbol.asyncDispose]());

describe("a form of another site", () => {
	const own = () => stage.app.url.origin;
	const elsewhere: [string, () => Record<string, string | undefined>][] = [
		["on another site", () => ({ "sec-fetch-site": "cross-site", origin: "https://evil.example" })],
		[
			"on another host of this domain",
			() => ({ "sec-fetch-site": "same-site", origin: "https://evil.localhost" }),
		],
		["that claims our origin", () => ({ "sec-fetch-site": "cross-site", origin: own() })],
		["in an older browser", () => ({ "sec-fetch-site": undefined, origin: "https://evil.example" })],
		["in an older browser, sandboxed", () => ({ "sec-fetch-site": undefined, origin: "null" })],
		["in an older browser, on another port", () => ({ "sec-fetch-site": undefined, origin: `${own()}1` })],
		["from nowhere that it says", () => ({ "sec-fetch-site": undefined, origin: undefined })],
	];

	test.each(elsewhere)("%s changes nothing, even with everything else right", async (_where, headers) => {
		const before = await everythingKept(stage.app);
		for (const form of stage.forms) {
			const { state, action } = form;
			const entries = new URLSearchParams(filledIn(form));
			const reply = await state.browser
				.copy()
				.send(action, { method: "POST", form: entries, headers: headers() });
			expect(reply.status, `${state.name}: ${action}`).toBe(403);
			expect(reply.headers["set-cookie"], action).toBeUndefined();
		}
		expect(await everythingKept(stage.app)).toEqual(before);
	});

	test("of this one is taken from a browser of either age", async () => {
		for (const headers of [
			{ "sec-fetch-site": "same-origin", origin: undefined },
			{ "sec-fetch-site": undefined },
		]) {
			await stage.restore();
			const form = stage.forms.find(({ action }) => action === paths.verify);
			if (!form) throw new Error("There is no code to enter");
			const entries = new URLSearchParams(filledIn(form));
			const reply = await form.state.browser
				.copy()
				.send(form.action, { method: "POST", form: entries, headers });
			expect([reply.status, reply.headers.location]).toEqual([303, paths.home]);
		}
	});

	test.each(["PUT", "PATCH", "DELETE", "PROPFIND"])("%s changes nothing anywhere", async (method) => {
		await stage.app.drain();
		const before = await everythingKept(stage.app);
		for (const { action, state } of stage.forms) {
			expect((await state.browser.copy().send(action, { method })).status, action).toBe(404);
		}
		expect(await everythingKept(stage.app)).toEqual(before);
	});
});
