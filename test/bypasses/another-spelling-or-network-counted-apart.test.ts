import { describe, expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { minutes, seconds } from "../../src/clock.ts";
import { inTransaction } from "../../src/db/transaction.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { closeLimit } from "../../src/limits/take-try.ts";
import { paths } from "../../src/paths.ts";
import { emailHash } from "../../src/profiles/email-hash.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { avery, casey, devon, signIn, signOut } from "../harness/people.ts";
import { countTriesBefore } from "./tries-before.ts";
import { countEvents } from "./what-is-kept.ts";

const WRONG = "not the password at all";

/** A wrong password for this email from an address never seen. */
async function tryFrom(app: App, email: string, address: string): Promise<number> {
	return (await signIn(newBrowser(app, { address }), email, WRONG)).status;
}

let addresses = 0;
const anyAddress = () => `198.51.${Math.floor(++addresses / 250)}.${addresses % 250}`;

describe("wrong passwords of one person count together, however the email is written", () => {
	test("in upper case and with spaces around it", async () => {
		await using app = await startApp();
		const spellings = [
			casey,
			"CASEY@HARBOUR.EXAMPLE",
			"  Casey@Harbour.Example\t",
			"\u00a0casey@HARBOUR.example",
		];
		for (let tries = 0; tries < 10; tries++) {
			expect(await tryFrom(app, spellings[tries % spellings.length] ?? "", anyAddress())).toBe(422);
		}
		for (const spelling of spellings) expect(await tryFrom(app, spelling, anyAddress()), spelling).toBe(429);
		expect((await signIn(newBrowser(app), casey)).status).toBe(429);
	});

	test("composed or decomposed (NFC, NFD), known or not", async () => {
		await using app = await startApp();
		const rene = "René@harbour.example".normalize("NFC");
		await app.database.backdoor
			.updateTable("profiles")
			.set({ email: rene, email_key: rene.toLowerCase() })
			.where("email", "=", casey)
			.execute();
		for (const email of [rene, "Zoë@nowhere.example"]) {
			const forms = [email.normalize("NFC"), email.normalize("NFD"), email.toUpperCase().normalize("NFD")];
			for (let tries = 0; tries < 10; tries++) await tryFrom(app, forms[tries % 3] ?? email, anyAddress());
			for (const form of forms) expect(await tryFrom(app, form, anyAddress()), form).toBe(429);
		}
		// It is the same person whose password opens, in each spelling.
		app.clock.forward(minutes(1) + seconds(1));
		expect((await signIn(newBrowser(app), rene.normalize("NFD").toUpperCase())).heading).toBe("My Account");
	});
});

test("wrong passwords from one IPv6 /64 count together, whichever of its addresses they come from", async () => {
	await using app = await startApp();
	await countTriesBefore(app, "passwordsNetwork", "2001:db8:aa:1::/64", 90);
	for (let tries = 0; tries < 10; tries++) {
		const address = `2001:db8:aa:1:${tries.toString(16)}:${(tries * 7).toString(16)}::${(tries + 1).toString(16)}`;
		expect(await tryFrom(app, `person${tries}@harbour.example`, address)).toBe(422);
	}
	expect(await tryFrom(app, avery, "2001:db8:aa:1:ffff:ffff:ffff:ffff")).toBe(429);
	expect(await tryFrom(app, avery, "2001:0DB8:00AA:0001::2")).toBe(429);
	expect((await signIn(newBrowser(app, { address: "2001:db8:aa:1::3" }), casey)).status).toBe(429);
	// The network next to it is another one.
	expect(await tryFrom(app, avery, "2001:db8:aa:2::1")).toBe(422);
	expect(await countEvents(app, "password-waits")).toBe(1);
});

test("wrong passwords from one IPv6 /48 count together, whichever of its networks they come from", async () => {
	await using app = await startApp();
	await countTriesBefore(app, "passwordsWiderNetwork", "2001:db8:bb::/48", 995);
	for (let tries = 0; tries < 5; tries++) {
		expect(await tryFrom(app, `person${tries}@harbour.example`, `2001:db8:bb:${tries}::1`)).toBe(422);
	}
	expect(await tryFrom(app, avery, "2001:db8:bb:ffff::1")).toBe(429);
	expect((await signIn(newBrowser(app, { address: "2001:db8:bb:7777::3" }), casey)).status).toBe(429);
	expect(await tryFrom(app, avery, "2001:db8:bc::1")).toBe(422);
});

test("wrong passwords from one IPv4 address count together, also when it is written inside IPv6", async () => {
	await using app = await startApp();
	const spellings = [
		"192.0.2.55",
		"::ffff:192.0.2.55",
		"::ffff:c000:237",
		"192.0.2.55:4711",
		"[::ffff:192.0.2.55]:99",
	];
	await countTriesBefore(app, "passwordsNetwork", "192.0.2.55", 90);
	for (let tries = 0; tries < 10; tries++) {
		const address = spellings[tries % spellings.length] ?? "";
		expect(await tryFrom(app, `person${tries}@harbour.example`, address)).toBe(422);
	}
	for (const address of spellings) expect(await tryFrom(app, avery, address), address).toBe(429);
	expect(await tryFrom(app, avery, "192.0.2.56")).toBe(422);
});

test("a right password of one's own in between brings none of the network's wrong ones back", async () => {
	await using app = await startApp();
	const address = "192.0.2.66";
	await countTriesBefore(app, "passwordsNetwork", "192.0.2.66", 90);
	for (let tries = 0; tries < 10; tries++) {
		if (tries % 3 === 2) {
			expect((await signIn(newBrowser(app, { address }), devon)).heading).toBe("My Account");
		}
		expect(await tryFrom(app, `person${tries}@harbour.example`, address)).toBe(422);
	}
	expect(await tryFrom(app, avery, address)).toBe(429);
});

test("whoever comes without an address that can be read shares one network with all others who do", async () => {
	await using app = await startApp();
	const unreadable = ["unknown", "_hidden", "not an address", "1.2.3.4.5", "999.1.1.1", "fe80::zz"];
	await countTriesBefore(app, "passwordsNetwork", "unknown", 90);
	for (let tries = 0; tries < 10; tries++) {
		const address = unreadable[tries % unreadable.length] ?? "";
		expect(await tryFrom(app, `person${tries}@harbour.example`, address)).toBe(422);
	}
	for (const address of unreadable) expect(await tryFrom(app, avery, address), address).toBe(429);
});

test("a new email gives whoever guessed at the password no hundred tries more", async () => {
	await using app = await startApp();
	const desk = newBrowser(app);
	await signIn(desk, casey);
	// As by a hundred wrong passwords in a row.
	const clinicId = (await findClinic(app.db, "the-only-one"))?.clinicId ?? "";
	const key = emailHash(app.deps, casey);
	await inTransaction(app.db, (tx) =>
		closeLimit(tx, "passwordsUnknownBrowser", { clinicId, key }, app.clock.now()),
	);
	const refused = await signIn(newBrowser(app), casey);
	expect(refused.status).toBe(422);

	const newEmail = "casey@elsewhere.example";
	await (await desk.open(paths.changeEmail)).submit(
		{ "New email": newEmail, Password: DEMO_PASSWORD },
		"Send the confirmation",
	);
	const link = (await app.inbox.latest(newEmail)).links.find((each) =>
		each.includes(paths.confirmEmail.to("")),
	);
	await (await newBrowser(app).openFromEmail(link ?? "")).submit({}, "Confirm this email");
	for (const password of [WRONG, DEMO_PASSWORD]) {
		const page = await signIn(newBrowser(app), newEmail, password);
		expect(page.status).toBe(422);
		expect(page.errors).toEqual(refused.errors);
	}
	await signOut(desk);
	expect((await signIn(desk, newEmail)).heading).toBe("My Account");
});
