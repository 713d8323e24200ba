import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Build, build } from "../../test/bypasses/another-process.ts";
import { chooseNewPassword, NEW_PASSWORD } from "../../test/bypasses/owners.ts";
import { everythingKept } from "../../test/bypasses/what-is-kept.ts";
import type { App } from "../../test/harness/app.ts";
import { newBrowser } from "../../test/harness/browser.ts";
import { idOf } from "../../test/harness/by-operator.ts";
import type { Ran } from "../../test/harness/command.ts";
import { createHarbour, linkIn, type Operated, startOperatedApp } from "../../test/harness/operated-app.ts";
import {
	avery,
	blake,
	casey,
	devon,
	saveRecoveryCode,
	scanKey,
	setUpAuthenticatorApp,
	signIn,
	signInTrusting,
	signOut,
} from "../../test/harness/people.ts";
import { Keyring } from "../crypto/keyring.ts";
import { DEMO_PASSWORD } from "../demo/demo-clinic.ts";
import { paths } from "../paths.ts";

let built: Build;
const folder = mkdtempSync(join(tmpdir(), "vestibule-processes-"));
beforeAll(() => {
	built = build();
}, 60_000);
afterAll(() => {
	built[Symbol.dispose]();
	rmSync(folder, { recursive: true });
});

const of = (email: string) => ["--clinic=harbour", `--email=${email}`];
const REASON = "--reason=Phone stolen, called back";

/** An app whose keys are in a file, and its operator, each of whose commands is a process. */
async function startWithOperator(clinic: "demo" | "none") {
	const keysFile = join(folder, `${clinic}-${Keyring.newKey("a").replaceAll(/\W/g, "").slice(0, 8)}`);
	writeFileSync(keysFile, Keyring.newKey("first"), { mode: 0o600 });
	const operated = await startOperatedApp({ clinic, environment: { VESTIBULE_KEYS_FILE: keysFile } });
	const all: Ran[] = [];
	const vestibule = async (...words: string[]): Promise<Ran> => {
		const ran = await runProcess(operated, words);
		all.push(ran);
		return ran;
	};
	return {
		...operated,
		keysFile,
		vestibule,
		/** All that was printed so far, without a stack trace, and without a secret but those that are there to be told. */
		async expectNoSecrets() {
			const printed = all.map(({ out, err }) => out + err).join("\n");
			expect(printed).not.toMatch(/^\s+at |node:internal|\bError: /m);
			const keys = readFileSync(keysFile, "utf8").trim().split("\n");
			const kept = Object.values(await everythingKept(operated.app)).flat();
			const hidden = kept.flatMap((row) =>
				Object.entries(row).flatMap(([column, value]) =>
					/hash|sealed/.test(column) && value ? [value] : [],
				),
			);
			const secrets = [...keys.map((key) => key.split(":")[1]), ...hidden, NEW_PASSWORD, DEMO_PASSWORD];
			expect(secrets.filter((secret) => printed.includes(String(secret)))).toEqual([]);
			const told = printed.match(/\/set\/[\w-]{43}|^ {2}\d{4} \d{4}$/gm) ?? [];
			expect(new Set(told).size).toBe(told.length);
		},
	};
}

async function runProcess({ environment, app }: Operated, words: string[]): Promise<Ran> {
	const child = spawn(process.execPath, [built.main, ...words], {
		env: { PATH: process.env.PATH, ...environment },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const ended = new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
	const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
	// What the command did is not in the app's future.
	app.clock.at(Math.max(app.clock.now(), Date.now()));
	return { out, err, exitCode };
}

async function eventsOf({ database: { backdoor } }: App, email?: string, app?: App): Promise<string[]> {
	const events = backdoor.selectFrom("activity_events").select(["kind", "actor", "profile_id"]);
	const rows = await events.orderBy("number").execute();
	const id = email && app ? await idOf(app, email) : undefined;
	return rows.filter((row) => !id || row.profile_id === id).map(({ kind }) => kind);
}

async function subjectsTo({ inbox }: App, email: string): Promise<string[]> {
	return (await inbox.all(email)).map(({ subject }) => subject);
}

test("each command of the operator does once what it says, and run again or twice at once says what is so", async () => {
	await using operated = await startWithOperator("none");
	const { app, vestibule, keysFile } = operated;
	const atOnce = async (...words: string[]) => {
		const both = await Promise.all([vestibule(...words), vestibule(...words)]);
		return both.toSorted((a, b) => a.exitCode - b.exitCode) as [Ran, Ran];
	};

	const [made, second] = await atOnce(...createHarbour);
	expect([made.exitCode, second.exitCode]).toEqual([0, 1]);
	expect(second).toMatchObject({ out: "", err: expect.stringMatching(/^There is a clinic/) });
	const [invitation] = await app.inbox.all(avery);
	expect(invitation?.links).toEqual([linkIn(made)]);
	const desk = newBrowser(app);
	await chooseNewPassword(desk, linkIn(made));
	await signIn(desk, avery, NEW_PASSWORD);
	await setUpAuthenticatorApp(desk, NEW_PASSWORD);

	const inviteBlake = ["staff", "invite", ...of(blake), "--name=Blake Roy", "--access=full"];
	const invited = await atOnce(...inviteBlake);
	expect(invited.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
	expect(new Set(invited.map(linkIn)).size).toBe(2);
	const links = (await app.inbox.all(blake)).flatMap((email) => email.links);
	expect(links).toEqual(expect.arrayContaining(invited.map(linkIn)));

	const [gone, wasGone] = await atOnce("staff", "deactivate", ...of(blake));
	expect([gone.exitCode, wasGone.exitCode]).toEqual([0, 1]);
	expect(wasGone.err).toBe(`${blake} is deactivated already. Nothing was changed.\n`);
	const [back, wasBack] = await atOnce("staff", "reactivate", ...of(blake));
	expect([back.exitCode, wasBack.exitCode]).toEqual([0, 1]);
	expect(wasBack.err).toBe(`${blake} is active already. Nothing was changed.\n`);
	await chooseNewPassword(newBrowser(app), linkIn(back));

	await app.inbox.clear();
	const reset = await atOnce("support", "reset", ...of(avery), REASON, "--ticket=PS-1204");
	expect(reset.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
	expect(reset.map(({ out }) => out.includes("Turned off: Authenticator App.")).sort()).toEqual([
		false,
		true,
	]);
	const unlocked = await vestibule("support", "unlock", ...of(avery), REASON);
	expect(unlocked).toMatchObject({ exitCode: 0, err: "" });
	expect(await subjectsTo(app, avery)).toContain("Your 2-Step Verification was turned off – Harbour Physio");
	expect(await subjectsTo(app, blake)).toEqual(
		expect.arrayContaining([
			"Avery Chen's 2-Step Verification was turned off – Harbour Physio",
			"Avery Chen's waits were cleared – Harbour Physio",
		]),
	);

	const rotated = await atOnce("keys", "rotate");
	expect(rotated.map(({ exitCode, err }) => [exitCode, err])).toEqual([
		[0, ""],
		[0, ""],
	]);
	expect(new Keyring(readFileSync(keysFile, "utf8")).oldestId).toBe("first");
	const verified = await vestibule("audit", "verify", "--clinic=harbour");
	expect(verified).toMatchObject({ exitCode: 0, err: "" });
	const latest = /Latest: (\S+)/.exec(verified.out)?.[1];
	expect(await vestibule("audit", "verify", "--clinic=harbour", `--expect=${latest}`)).toMatchObject({
		exitCode: 0,
	});
	const exported = await vestibule("audit", "export", "--clinic=harbour", "--format=jsonl");
	const lines = exported.out.trimEnd().split("\n");
	expect(lines.map((line) => JSON.parse(line).kind)).toEqual(await eventsOf(app));
	expect(await vestibule("doctor")).toMatchObject({ exitCode: 0, err: "" });

	const done = (await eventsOf(app)).filter((kind) => /^(staff|second-step-reset|waits)/.test(kind));
	expect(done.filter((kind) => kind === "staff-deactivated")).toHaveLength(1);
	expect(done.filter((kind) => kind === "staff-reactivated")).toHaveLength(1);
	expect(done).toEqual(expect.arrayContaining(["staff-invited", "second-step-reset", "waits-cleared"]));
	await operated.expectNoSecrets();
});

test("a command that is not as it should be, or about nobody, is refused in a sentence and changes nothing", async () => {
	await using operated = await startWithOperator("demo");
	const before = await everythingKept(operated.app);
	const nobody = of("nobody@harbour.example");
	const elsewhere = ["--clinic=uptown", `--email=${casey}`];
	const refused: [exitCode: number, says: RegExp, ...words: string[]][] = [
		[2, /needs --short-name, --time-zone/, "clinic", "create", "--name=Uptown", "--country=CA"],
		[2, /no clinic with the short name "uptown"/, "staff", "deactivate", ...elsewhere],
		[1, /^Nobody at Harbour Physio/, "staff", "reactivate", ...nobody],
		[2, /needs --reason\.$/m, "support", "reset", ...of(casey)],
		[1, /^Nobody at Harbour Physio/, "support", "unlock", ...nobody, REASON],
		[2, /^There is no clinic "uptown"/, "audit", "export", "--clinic=uptown"],
		[2, /^Unknown option '--all'/, "doctor", "--all"],
	];
	for (const [exitCode, says, ...words] of refused) {
		const ran = await operated.vestibule(...words);
		expect(ran, words.join(" ")).toMatchObject({ exitCode, out: "", err: expect.stringMatching(says) });
	}
	// Its folder takes no name that is longer, so nothing can be written beside it.
	const longest = join(folder, "r".repeat(250));
	writeFileSync(longest, readFileSync(operated.keysFile), { mode: 0o600 });
	const environment = { ...operated.environment, VESTIBULE_KEYS_FILE: longest };
	const unwritten = await runProcess({ ...operated, environment }, ["keys", "rotate"]);
	expect(unwritten).toMatchObject({ exitCode: 1, out: "" });
	expect(unwritten.err).toMatch(/^The key ring \S+ could not be replaced \(ENAMETOOLONG: .+\n$/);

	expect(await everythingKept(operated.app)).toEqual(before);
	await operated.expectNoSecrets();
});

test("whoever reads only the first line of what a command prints ends nothing halfway", async () => {
	await using operated = await startWithOperator("demo");
	const { environment } = operated;
	for (const words of [["doctor"], ["audit", "export", "--clinic=harbour"]]) {
		const env = { PATH: process.env.PATH, ...environment };
		const child = spawn(process.execPath, [built.main, ...words], { env });
		const ended = new Promise((done) => child.on("close", done));
		child.stdout.destroy();
		expect([await text(child.stderr), await ended], words.join(" ")).toEqual(["", 0]);
	}
});

test("while people sign in a command still holds from the moment that it is recorded", async () => {
	await using operated = await startWithOperator("demo");
	const { app, vestibule } = operated;
	/** Does it again and again until the command has ended. */
	const meanwhile = async (command: Promise<Ran>, does: () => Promise<unknown>) => {
		let hasEnded = false;
		void command.finally(() => {
			hasEnded = true;
		});
		while (!hasEnded) await does();
		expect(await command).toMatchObject({ exitCode: 0, err: "" });
	};
	const sessionsOf = async (email: string) => {
		const id = await idOf(app, email);
		return (await everythingKept(app)).sessions?.filter((session) => session.profile_id === id);
	};
	/** What was recorded of somebody after this. */
	const after = async (kind: string, email: string) => {
		const kinds = await eventsOf(app, email, app);
		expect(kinds.filter((each) => each === kind)).toHaveLength(1);
		return kinds.slice(kinds.indexOf(kind));
	};

	await meanwhile(vestibule("support", "unlock", ...of(casey), REASON), async () => {
		expect((await signIn(newBrowser(app), casey)).heading).toBe("My Account");
	});
	await meanwhile(vestibule("staff", "deactivate", ...of(casey)), async () => {
		const { heading, path, status } = await signIn(newBrowser(app), casey);
		// In, or in and out again at once, or refused; and not even looked at after ten that were.
		const isOut = path.startsWith(paths.signIn) && [200, 422, 429].includes(status);
		expect(heading === "My Account" || isOut, `${status} ${heading}`).toBe(true);
	});
	expect(await sessionsOf(casey)).toEqual([]);
	expect(await after("staff-deactivated", casey)).not.toContain("signed-in");

	const desk = newBrowser(app);
	await signIn(desk, blake);
	const { authenticator } = await setUpAuthenticatorApp(desk);
	app.clock.forward(60_000);
	const trusted = newBrowser(app);
	await signInTrusting(trusted, blake, authenticator);
	await signOut(trusted);
	await meanwhile(vestibule("support", "reset", ...of(blake), REASON), async () => {
		const { path, heading } = await signIn(trusted.copy(), blake);
		expect(heading === "My Account" || path === paths.emailedCode || path.startsWith(paths.signIn)).toBe(
			true,
		);
	});
	expect(await sessionsOf(blake)).toEqual([]);
	expect(await after("second-step-reset", blake)).not.toContain("signed-in");

	// Keys that change under a set-up lose nothing.
	const settingUp = newBrowser(app);
	await signIn(settingUp, devon);
	const begin = async () =>
		(await settingUp.open(paths.authenticatorApp)).submit({ Password: DEMO_PASSWORD }, "Next");
	await meanwhile(vestibule("keys", "rotate"), begin);
	const key = await settingUp.open(settingUp.page.path);
	const enter = await key.click("Next");
	const saved = await enter.submit({ "Verification code": scanKey(key, settingUp).code() }, "Submit");
	expect((await saveRecoveryCode(saved)).page.heading).not.toBe("");
	expect(await vestibule("audit", "verify", "--clinic=harbour")).toMatchObject({ exitCode: 0, err: "" });
	await operated.expectNoSecrets();
});
