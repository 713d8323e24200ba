import { expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, casey } from "../harness/people.ts";
import { ownerWithApp, waitingAtTheCode } from "./owners.ts";
import { countTriesBefore } from "./tries-before.ts";

const WRONG = "not the password at all";

/** A wrong password with these headers. @returns the status */
async function tryWith(
	app: App,
	email: string,
	headers: Record<string, string | undefined>,
): Promise<number> {
	const form = { email, password: WRONG };
	return (await newBrowser(app).send(paths.signIn, { method: "POST", form, headers })).status;
}

function forgedAddress(nth: number): Record<string, string> {
	const address = `198.18.${nth}.1`;
	return {
		"x-forwarded-for": address,
		forwarded: `for=${address};proto=https`,
		"x-real-ip": address,
		"true-client-ip": address,
		"cf-connecting-ip": address,
		"x-client-ip": address,
	};
}

test("where no proxy is named, no header says where somebody comes from", async () => {
	await using app = await startApp({ environment: { VESTIBULE_TRUSTED_PROXIES: "" } });
	await countTriesBefore(app, "passwordsNetwork", "127.0.0.1", 90);
	for (let tries = 0; tries < 10; tries++) {
		expect(await tryWith(app, `person${tries}@harbour.example`, forgedAddress(tries))).toBe(422);
	}
	expect(await tryWith(app, avery, forgedAddress(200))).toBe(429);
	expect(await tryWith(app, avery, { "x-forwarded-for": undefined })).toBe(429);
	const rows = await app.database.backdoor.selectFrom("activity_events").select("address").execute();
	const addresses = new Set(rows.map(({ address }) => address).filter((address) => address !== null));
	expect([...addresses]).toEqual(["127.0.0.1"]);
});

test("where another proxy is named, a header from anybody else says nothing", async () => {
	await using app = await startApp({ environment: { VESTIBULE_TRUSTED_PROXIES: "10.0.0.5,192.168.0.0/16" } });
	await countTriesBefore(app, "passwordsNetwork", "127.0.0.1", 90);
	for (let tries = 0; tries < 10; tries++) {
		expect(await tryWith(app, `person${tries}@harbour.example`, forgedAddress(tries))).toBe(422);
	}
	expect(await tryWith(app, avery, forgedAddress(200))).toBe(429);
	expect(await tryWith(app, avery, { "x-forwarded-for": "10.0.0.5" })).toBe(429);
});

test("behind the named proxy, what somebody put in front of their own address says nothing", async () => {
	await using app = await startApp();
	await countTriesBefore(app, "passwordsNetwork", "203.0.113.250", 90);
	for (let tries = 0; tries < 10; tries++) {
		const headers = { ...forgedAddress(tries), "x-forwarded-for": `198.18.${tries}.1, 203.0.113.250` };
		expect(await tryWith(app, `person${tries}@harbour.example`, headers)).toBe(422);
	}
	// Not even the address of the proxy itself, nor one of this computer.
	for (const first of ["198.18.200.1", "127.0.0.1", "10.0.0.1", "unknown"]) {
		expect(await tryWith(app, avery, { "x-forwarded-for": `${first}, 203.0.113.250` }), first).toBe(429);
	}
	expect(await tryWith(app, avery, { "x-forwarded-for": "203.0.113.251" })).toBe(422);
});

test("no address is let off anything: not that of the proxy, of this computer or of an inner network", async () => {
	await using app = await startApp();
	const owner = await ownerWithApp(app, avery);
	for (const address of ["127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", owner.desk.address]) {
		const browser = await waitingAtTheCode(app, avery);
		browser.address = address;
		expect((await browser.open(paths.account)).path, address).toMatch(/^\/sign-in/);
		expect((await browser.open(paths.verify)).heading, address).toBe(
			"Enter the code from your authenticator app",
		);
	}
});

test("an emailed link leads to the configured address, whatever the request says about hosts", async () => {
	await using app = await startApp();
	const headers = {
		"x-forwarded-host": "evil.example",
		"x-forwarded-proto": "https",
		forwarded: "host=evil.example",
	};
	for (const host of [app.url.host, "evil.example", `evil.example@${app.url.host}`, "localhost:1"]) {
		const form = { email: casey };
		const reply = await newBrowser(app).send(paths.forgotPassword, {
			method: "POST",
			form,
			headers: { ...headers, host, origin: app.url.origin },
		});
		expect(reply.body.toString(), host).not.toContain("evil.example");
	}
	const emails = await app.inbox.all(casey);
	expect(emails.length).toBeGreaterThan(0);
	for (const { links, html, text } of emails) {
		expect(html + text).not.toContain("evil.example");
		for (const link of links) expect(new URL(link).origin).toBe(app.url.origin);
	}
});
