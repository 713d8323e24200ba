import fc from "fast-check";
import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { startApp } from "../harness/app.ts";
import { whatIsWrongWith } from "./decent-answer.ts";
import { hostileHost } from "./hostile-words.ts";

test("where a server has many clinics, only a clinic's own host shows its pages, however the host is written", async () => {
	await using app = await startApp({ environment: { VESTIBULE_CLINICS: "many" } });
	const ask = async (host: string) => {
		const {
			statusCode: status,
			headers,
			body,
		} = await app.server.inject({ url: paths.signIn, headers: { host } });
		expect(whatIsWrongWith({ status, headers, body }, "GET", app), `with host ${host}`).toEqual([]);
		return { status, body };
	};
	const tail = app.url.port;
	for (const host of [`harbour.localhost:${tail}`, "HARBOUR.LocalHost", "harbour.localhost.:1"]) {
		expect((await ask(host)).body).toContain("Sign in to Harbour Physio");
	}
	for (const host of ["localhost", `LOCALHOST:${tail}`]) {
		const { status, body } = await ask(host);
		expect(status).toBe(200);
		expect(body).toContain("Which clinic are you with?");
		expect(body).not.toContain("Harbour");
	}
	await fc.assert(
		fc.asyncProperty(hostileHost, async (host) => {
			// Without a host this way of asking puts its own.
			fc.pre(host !== "" && !/^(harbour\.)?localhost\.?(:\d*)?$/i.test(host));
			const { status, body } = await ask(host);
			expect(status).toBe(404);
			expect(body).not.toContain("Harbour");
		}),
		{ seed: 20_261_207, numRuns: 300 },
	);
});

test("another clinic that does not exist and a page that does not exist look the same", async () => {
	await using app = await startApp({ environment: { VESTIBULE_CLINICS: "many" } });
	const bodyOf = async (host: string, url: string) =>
		(await app.server.inject({ url, headers: { host } })).body;
	const nowhere = await bodyOf("other.localhost", paths.signIn);
	expect(await bodyOf("other.localhost", "/nothing")).toBe(nowhere);
	expect(await bodyOf("evil.example", paths.account)).toBe(nowhere);
});
