import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { App } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { runCommand } from "../../test/harness/command.ts";
import { startOperatedApp } from "../../test/harness/operated-app.ts";
import {
	avery,
	blake,
	recoveryCodeOn,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInWithCode,
} from "../../test/harness/people.ts";
import { Keyring } from "../crypto/keyring.ts";
import { paths } from "../paths.ts";

const folder = mkdtempSync(join(tmpdir(), "vestibule-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("keys new prints a key that a ring takes, and each time another", async () => {
	const [first, second] = [await runCommand({}, "keys", "new"), await runCommand({}, "keys", "new")];
	expect(first).toMatchObject({ exitCode: 0, err: "" });
	expect(new Keyring(`${first.out}${second.out}`).currentId).toMatch(/^\d{4}-\d\d-\d\d-[0-9a-f]{4}$/);
});

test("after a rotation everything works on in the app that runs, and is sealed by the new key", async () => {
	const file = join(folder, "ring");
	const earlier = Keyring.newKey("2025");
	writeFileSync(file, `${earlier}\n`, { mode: 0o644 });
	await using operated = await startOperatedApp({
		clinic: "demo",
		environment: { VESTIBULE_KEYS_FILE: file },
	});
	const { app, vestibule } = operated;
	const desk = newBrowser(app);
	await signIn(desk, avery);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	// Blake is in the middle of it, and an email waits.
	const other = newBrowser(app);
	await signIn(other, blake);
	let setUp = await (await other.open(paths.twoStep)).click("Set up", { near: "Authenticator App" });
	setUp = await setUp.submit({ Password: "quiet lanterns over water" }, "Next");
	const blakesApp = scanKey(setUp, other);
	await app.drain();
	app.inbox.server.answerRecipient({ code: 451, text: "later" });
	await (await newBrowser(app).open(paths.forgotPassword)).submit({ Email: avery }, "Email me a link");
	await app.drain();

	const ran = await vestibule("keys", "rotate");
	expect(ran).toMatchObject({ exitCode: 0, err: "" });
	const ring = new Keyring(readFileSync(file, "utf8"));
	expect(ring.currentId).not.toBe("2025");
	expect(ring.oldestId).toBe("2025");
	expect(ran.out).toContain(`The first key of the ring is ${ring.currentId}.`);
	expect(ran.out).toContain("Sealed anew: 3.");
	expect(statSync(file).mode & 0o777).toBe(0o600);
	expect(await keysInUse(app)).toEqual([ring.currentId]);

	app.inbox.server.answerRecipient(undefined);
	app.clock.forward(5 * 60_000);
	expect((await app.inbox.latest(avery)).subject).toContain("Choose a new password");
	setUp = await setUp.click("Next");
	setUp = await setUp.submit({ "Verification code": blakesApp.code() }, "Submit");
	expect(recoveryCodeOn(setUp)).toMatch(/^[0-9A-Z ]{24}$/);
	expect((await signInWithCode(newBrowser(app), avery, authenticator)).heading).toBe("My Account");
	// What is sealed from here on is sealed by the new key too, and the activity still verifies.
	expect(await keysInUse(app)).toEqual([ring.currentId]);
	const verified = await vestibule("audit", "verify", "--clinic=harbour");
	expect(verified).toMatchObject({ exitCode: 0, err: "" });
});

test("a second rotation keeps every earlier key, also where the file is reached by a link", async () => {
	const file = join(folder, "kept");
	const link = join(folder, "link");
	writeFileSync(file, Keyring.newKey("2025"), { mode: 0o600 });
	symlinkSync(file, link);
	await using operated = await startOperatedApp({
		clinic: "demo",
		environment: { VESTIBULE_KEYS_FILE: link },
	});
	await operated.vestibule("keys", "rotate");
	await operated.vestibule("keys", "rotate");
	expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(3);
	expect(new Keyring(readFileSync(link, "utf8")).oldestId).toBe("2025");
});

test("with VESTIBULE_KEYS the command says how, and then seals under the key that was put in front", async () => {
	const earlier = Keyring.newKey("2025");
	await using operated = await startOperatedApp({ clinic: "demo", environment: { VESTIBULE_KEYS: earlier } });
	const { app, environment } = operated;
	const desk = newBrowser(app);
	await signIn(desk, avery);
	await setUpAuthenticatorApp(desk);
	await app.drain();

	const said = await operated.vestibule("keys", "rotate");
	expect(said.exitCode).toBe(1);
	expect(said.err).toContain("vestibule keys rotate --only-seal");
	const fresh = said.err.trim().split("\n").at(-1) ?? "";
	expect(await keysInUse(app)).toEqual(["2025"]);

	const newer = { ...environment, VESTIBULE_KEYS: `${fresh},${earlier}` };
	const done = await runCommand(newer, "keys", "rotate", "--only-seal");
	expect(done).toMatchObject({ exitCode: 0, out: expect.stringContaining("Sealed anew: 1.") });
	expect(await keysInUse(app)).toEqual([fresh.split(":")[0]]);

	const lost = await runCommand({ ...environment, VESTIBULE_KEYS: earlier }, "keys", "rotate", "--only-seal");
	expect(lost).toMatchObject({
		exitCode: 1,
		err: expect.stringContaining("no key in the ring opens them: 1"),
	});
});

/** The ids of the keys that sealed what is in the database now. */
async function keysInUse({ database: { backdoor } }: App): Promise<string[]> {
	const apps = await backdoor.selectFrom("authenticator_apps").select("sealed_secret as sealed").execute();
	const setUps = await backdoor
		.selectFrom("authenticator_app_set_ups")
		.select("sealed_secret as sealed")
		.execute();
	const codes = await backdoor.selectFrom("recovery_codes").select("sealed_code as sealed").execute();
	const messages = await backdoor.selectFrom("outbox").select("sealed_body as sealed").execute();
	const sealed = [...apps, ...setUps, ...codes, ...messages].flatMap((row) => row.sealed ?? []);
	return [...new Set(sealed.map((value) => value.split(".")[0] ?? ""))];
}
