import { HOTP, Secret } from "otpauth";
import { expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { MovableClock } from "../../test/harness/movable-clock.ts";
import { insertClinic } from "../clinics/store.ts";
import { hours, minutes } from "../clock.ts";
import { readConfig } from "../config.ts";
import { Hasher } from "../crypto/hasher.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { Holder } from "../methods/set-up-mount.ts";
import { insertMethod, listMethods } from "../methods/store.ts";
import type { TurnedOn } from "../methods/turn-on.ts";
import { setUpPaths } from "../paths.ts";
import { NEW_PROFILE, type Profile } from "../profiles/profile.ts";
import { changeDoors, deactivateProfile, findProfile, insertProfile } from "../profiles/store.ts";
import { goTo } from "../web/answer.ts";
import { createWeb } from "../web/server.tsx";
import { beginSetUp } from "./begin-set-up.ts";
import { authenticatorAppSetUp } from "./routes.tsx";
import { takeSetUpTry } from "./store.ts";
import { timeStepAt } from "./time-step.rule.ts";
import { verifyAuthenticatorCode } from "./verify-code.ts";

const clinicId = "harbour";
const paths = setUpPaths("/set-up");

/** Avery's browser at the set-up, mounted for a session that the test holds in its hand. */
class Avery implements AsyncDisposable {
	readonly clock = new MovableClock();
	readonly #database: FreshDatabase;
	readonly deps: Deps;
	readonly #web: ReturnType<typeof createWeb>;
	/** The session that asks; a test changes it to be another one. */
	holderId = "averys-session";
	sessionStands = true;
	turnedOn: TurnedOn[] = [];
	/** What else the composer does in the same transaction. */
	alsoInTheWrite: () => void = () => {};

	static async atWork(): Promise<Avery> {
		const avery = new Avery(await freshDatabase());
		const now = avery.clock.now();
		await inTransaction(avery.db, async (tx) => {
			const clinic = { clinicId, shortName: "harbour", name: "Harbour Physio" };
			await insertClinic(tx, { ...clinic, timeZone: "America/Vancouver", country: "CA" }, now);
			for (const profileId of ["avery", "blake"]) await insertProfile(tx, profileOf(profileId), now);
		});
		return avery;
	}

	private constructor(database: FreshDatabase) {
		this.#database = database;
		const config = readConfig({
			DATABASE_URL: database.url,
			VESTIBULE_KEYS: Keyring.newKey("test"),
			VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
			VESTIBULE_MAIL_FROM: "no-reply@vestibule.example",
			VESTIBULE_LOG_LEVEL: "silent",
		});
		const { db } = database;
		this.#web = createWeb({ config, db, clock: this.clock.read });
		this.deps = { config, db, clock: this.clock.read, hasher: new Hasher(), log: this.#web.server.log };
		authenticatorAppSetUp<Holder, string>(this.#web, this.deps, {
			paths,
			asking: async (visit) => {
				const steps = { key: { at: 2, of: 4 }, code: { at: 3, of: 4 } };
				const profile = await this.profile();
				return { holderId: this.holderId, profile, visit, cancelPath: "/account", steps };
			},
			prepare: async () => "a Recovery Code",
			mayTurnOn: async () => this.sessionStands,
			turnedOn: async (_tx, _holder, prepared, on) => {
				this.alsoInTheWrite();
				this.turnedOn.push(on);
				return goTo(`/turned-on?with=${encodeURIComponent(prepared)}`);
			},
			notUnderWay: async () => goTo(paths.start),
			done: async () => goTo("/done"),
		});
	}

	get db() {
		return this.#database.db;
	}

	async profile(profileId = "avery"): Promise<Profile> {
		const profile = await findProfile(this.db, clinicId, profileId);
		if (!profile) throw new Error("Avery has no profile");
		return profile;
	}

	async begin(holderId = this.holderId, profileId = "avery"): Promise<void> {
		const profile = await this.profile(profileId);
		const begun = { profile, holderId, now: this.clock.now() };
		await inTransaction(this.db, (tx) => beginSetUp(tx, this.deps.config.keyring, begun));
	}

	async open(url: string) {
		const { statusCode, headers, body } = await this.#web.server.inject({ url });
		return { status: statusCode, location: headers.location, body };
	}

	/** The key that the page shows, as its Copy button has it. */
	async key(): Promise<string> {
		const { body } = await this.open(paths.key);
		return /data-copy="([A-Z2-7]{32})"/.exec(body)?.[1] ?? "";
	}

	/** What the form of the code page carries. */
	async form(): Promise<string> {
		const { body } = await this.open(paths.code);
		return /name="set-up" value="([^"]+)"/.exec(body)?.[1] ?? "";
	}

	async enter(code: string, setUpId?: string) {
		const form = new URLSearchParams({ code, "set-up": setUpId ?? (await this.form()) });
		const { statusCode, headers, body } = await this.#web.server.inject({
			method: "POST",
			url: paths.code,
			headers: { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" },
			payload: form.toString(),
		});
		return { status: statusCode, location: headers.location, body };
	}

	/** What the app shows for a key, `steps` of 30 seconds from now. */
	codeFor(key: string, steps = 0): string {
		const counter = timeStepAt(this.clock.now()) + steps;
		return HOTP.generate({ secret: Secret.fromBase32(key), counter });
	}

	/** Six digits that are no code of a key for 15 minutes around. */
	wrongFor(key: string): string {
		const codes = new Set(Array.from({ length: 61 }, (_, index) => this.codeFor(key, index - 30)));
		return ["000000", "111111", "222222"].find((code) => !codes.has(code)) ?? "";
	}

	async signInWith(code: string, methodId: string) {
		const asked = { clinicId, profileId: "avery", methodId, code, now: this.clock.now() };
		return inTransaction(this.db, (tx) => verifyAuthenticatorCode(tx, this.deps.config.keyring, asked));
	}

	methods() {
		return listMethods(this.db, clinicId, "avery");
	}

	/** How many rows of the authenticator app there are, by table. */
	async rows() {
		const count = async (table: "authenticator_apps" | "authenticator_steps" | "authenticator_app_set_ups") =>
			(await this.db.selectFrom(table).select("clinic_id").where("clinic_id", "=", clinicId).execute())
				.length;
		return {
			apps: await count("authenticator_apps"),
			steps: await count("authenticator_steps"),
			setUps: await count("authenticator_app_set_ups"),
		};
	}

	/** Opens connections enough that what is sent at the same moment really meets. */
	async openConnections(): Promise<void> {
		await Promise.all(Array.from({ length: 20 }, () => this.profile()));
	}

	async [Symbol.asyncDispose]() {
		await this.#web.server.close();
		await this.#database[Symbol.asyncDispose]();
	}
}

function profileOf(profileId: string): Profile {
	return {
		clinicId,
		profileId,
		name: profileId,
		email: `${profileId}@harbour.example`,
		mobile: null,
		access: "limited",
		...NEW_PROFILE,
	};
}

test("the key page shows one key as a QR code, as text and as links, the same after going back and reload", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const { status, body } = await avery.open(paths.key);
	const key = await avery.key();
	expect(status).toBe(200);
	expect(key).toMatch(/^[A-Z2-7]{32}$/);
	expect(body).toContain(
		`href="otpauth://totp/HarbourPhysio:avery%40harbour.example?secret=${key}&amp;issuer=HarbourPhysio"`,
	);
	expect(body).toContain(
		`href="apple-otpauth://totp/localhost:avery%40harbour.example?secret=${key}&amp;issuer=localhost"`,
	);
	for (const group of key.match(/.{4}/g) ?? []) expect(body).toContain(`<span>${group}</span>`);
	expect(body).toContain("time-based");
	expect(body).toContain("Step 2 of 4");
	for (const app of ["Apple Passwords", "Authy", "Zoho OneAuth", "LastPass Authenticator"]) {
		expect(body).toContain(app);
	}
	await avery.open(paths.code);
	expect(await avery.key()).toBe(key);
	expect((await avery.open(paths.code)).body).not.toContain(key);
});

test("without a set-up there is nothing to show, and it leads to the start", async () => {
	await using avery = await Avery.atWork();
	for (const path of [paths.key, paths.code]) {
		expect(await avery.open(path)).toMatchObject({ status: 303, location: paths.start });
	}
});

test("a right code turns the app on: it is the default where it is the only method, and nothing of the set-up is left", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const before = (await avery.profile()).doorsVersion;
	const setUpId = await avery.form();
	const code = avery.codeFor(await avery.key());
	expect(await avery.methods()).toEqual([]);
	const answer = await avery.enter(`${code.slice(0, 3)} ${code.slice(3)}`);
	expect(answer).toMatchObject({ status: 303, location: "/turned-on?with=a%20Recovery%20Code" });
	const [method, ...others] = await avery.methods();
	expect(others).toEqual([]);
	expect(method).toMatchObject({ kind: "authenticator-app", isDefault: true, blockedAt: null });
	expect(await avery.rows()).toEqual({ apps: 1, steps: 1, setUps: 0 });
	expect((await avery.profile()).doorsVersion).toBe(before + 1);
	expect(avery.turnedOn).toMatchObject([
		{ methodId: setUpId, replacedMethodId: undefined, doorsVersion: before + 1 },
	]);
});

test("the code that turned it on does not sign in, and the next one does", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	await avery.enter(avery.codeFor(key));
	const { methodId = "" } = avery.turnedOn[0] ?? {};
	expect(await avery.signInWith(avery.codeFor(key), methodId)).toEqual({ kind: "wrong" });
	expect(await avery.signInWith(avery.codeFor(key, 1), methodId)).toMatchObject({ kind: "right" });
});

test("a wrong code stays here with the same key and says how many tries are left; after five it starts again", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	const setUpId = await avery.form();
	for (const left of ["4 more tries", "3 more tries", "2 more tries", "1 more try"]) {
		const { status, body } = await avery.enter(avery.wrongFor(key));
		expect(status).toBe(422);
		expect(body).toContain(left);
		expect(body).not.toContain(avery.wrongFor(key));
		expect(await avery.key()).toBe(key);
	}
	const { status, body } = await avery.enter(avery.wrongFor(key));
	expect(status).toBe(422);
	expect(body).toContain("This set-up has ended");
	expect(body).toContain(`href="${paths.start}"`);
	expect(await avery.open(paths.key)).toMatchObject({ location: paths.start });
	expect((await avery.enter(avery.codeFor(key), setUpId)).body).toContain("This set-up has ended");
	expect(await avery.methods()).toEqual([]);
	expect(await avery.rows()).toEqual({ apps: 0, steps: 0, setUps: 0 });
});

test("guesses at the same moment are each counted: no more than five are looked at", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	const setUpId = await avery.form();
	await avery.openConnections();
	await Promise.all(Array.from({ length: 12 }, () => avery.enter(avery.wrongFor(key), setUpId)));
	expect((await avery.enter(avery.codeFor(key), setUpId)).body).toContain("This set-up has ended");
	expect(await avery.methods()).toEqual([]);
});

test("a set-up takes five tries, even where nothing ends it after the fifth", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const { doorsVersion } = await avery.profile();
	const tried = { clinicId, setUpId: await avery.form(), profileId: "avery", doorsVersion };
	const take = () =>
		inTransaction(avery.db, (tx) =>
			takeSetUpTry(tx, { ...tried, holderId: avery.holderId, now: avery.clock.now() }),
		);
	for (const count of [1, 2, 3, 4, 5]) expect((await take())?.wrongTries).toBe(count);
	expect(await take()).toBeUndefined();
	expect(await avery.open(paths.key)).toMatchObject({ location: paths.start });
});

test("what cannot be a code is no try", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	for (const text of ["", "12345", "1234567", "abcdef", "<script>", "12345\u0000", "🦴"]) {
		const { status, body } = await avery.enter(text);
		expect(status).toBe(422);
		expect(body).toContain("Enter the six digits");
	}
	expect(await avery.enter(avery.codeFor(key))).toMatchObject({ status: 303 });
});

test("a code from a wrong clock says so, counts as wrong, and does not sign in when its time comes", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	const early = avery.codeFor(key, 6);
	expect((await avery.enter(avery.codeFor(key, -6))).body).toContain(
		"That code is about 3 minutes old. Your phone's clock may be slow: turn on automatic date and time.",
	);
	const { body } = await avery.enter(early);
	expect(body).toContain("about 3 minutes ahead");
	expect(body).toContain("3 more tries");
	await avery.enter(avery.codeFor(key));
	const { methodId = "" } = avery.turnedOn[0] ?? {};
	avery.clock.forward(minutes(3));
	expect(await avery.signInWith(early, methodId)).toEqual({ kind: "wrong" });
	expect(await avery.signInWith(avery.codeFor(key, 1), methodId)).toMatchObject({ kind: "right" });
});

test("the form posted twice at the same moment turns it on once, and both are led on", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const setUpId = await avery.form();
	const code = avery.codeFor(await avery.key());
	await avery.openConnections();
	const answers = await Promise.all([1, 2, 3].map(() => avery.enter(code, setUpId)));
	const leads = answers.map(({ location }) => location).sort();
	expect(leads).toEqual(["/done", "/done", "/turned-on?with=a%20Recovery%20Code"]);
	expect(await avery.rows()).toEqual({ apps: 1, steps: 1, setUps: 0 });
	expect(await avery.methods()).toHaveLength(1);
	expect(await avery.enter(code, setUpId)).toMatchObject({ location: "/done" });
});

test("a replaced app ends in the same write, with its secret and steps; the new one is the default if it was", async () => {
	await using avery = await Avery.atWork();
	const turnOn = async () => {
		await avery.begin();
		await avery.enter(avery.codeFor(await avery.key()));
		return avery.turnedOn.at(-1);
	};
	const text = { clinicId, profileId: "avery", methodId: "averys-texts", now: avery.clock.now() };
	await inTransaction(avery.db, (tx) => insertMethod(tx, { ...text, kind: "text-message", isDefault: true }));
	const first = await turnOn();
	const second = await turnOn();
	expect(first?.replacedMethodId).toBeUndefined();
	expect(second?.replacedMethodId).toBe(first?.methodId);
	expect((await avery.methods()).map(({ kind, isDefault }) => [kind, isDefault])).toEqual([
		["text-message", true],
		["authenticator-app", false],
	]);
	expect(await avery.rows()).toEqual({ apps: 1, steps: 1, setUps: 0 });

	await avery.db
		.updateTable("methods")
		.set({ is_default: 1 })
		.where("clinic_id", "=", clinicId)
		.where("method_id", "=", second?.methodId ?? "")
		.execute();
	const third = await turnOn();
	const methods = await avery.methods();
	expect(methods.find(({ methodId }) => methodId === third?.methodId)?.isDefault).toBe(true);
});

test("a set-up is its own session's and its own person's", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	await avery.begin("blakes-session", "blake");
	const setUpId = await avery.form();
	const code = avery.codeFor(await avery.key());
	for (const holderId of ["another-session", "blakes-session"]) {
		avery.holderId = holderId;
		expect(await avery.open(paths.key)).toMatchObject({ location: paths.start });
		expect((await avery.enter(code, setUpId)).body).toContain("This set-up has ended");
	}
	avery.holderId = "averys-session";
	expect(await avery.enter(code, setUpId)).toMatchObject({ status: 303 });
});

test("a page of an earlier set-up takes no code for the newer one", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const earlier = { setUpId: await avery.form(), key: await avery.key() };
	await avery.begin();
	expect(await avery.key()).not.toBe(earlier.key);
	expect((await avery.enter(avery.codeFor(earlier.key), earlier.setUpId)).body).toContain("has ended");
	expect((await avery.rows()).setUps).toBe(1);
});

test("a set-up lives one hour", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	const setUpId = await avery.form();
	avery.clock.forward(hours(1) - minutes(1));
	expect(await avery.key()).toBe(key);
	avery.clock.forward(minutes(1));
	expect(await avery.open(paths.key)).toMatchObject({ location: paths.start });
	expect((await avery.enter(avery.codeFor(key), setUpId)).body).toContain("This set-up has ended");
	expect(await avery.methods()).toEqual([]);
});

test.each([
	[
		"how the person gets in has changed",
		(avery: Avery) => inTransaction(avery.db, (tx) => changeDoors(tx, clinicId, "avery")),
	],
	[
		"the person was deactivated",
		(avery: Avery) =>
			inTransaction(avery.db, (tx) => deactivateProfile(tx, clinicId, "avery", avery.clock.now())),
	],
	[
		"the session ended",
		(avery: Avery) => {
			avery.sessionStands = false;
		},
	],
])("a parked set-up turns nothing on when %s", async (_, change) => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const setUpId = await avery.form();
	const code = avery.codeFor(await avery.key());
	await change(avery);
	expect((await avery.enter(code, setUpId)).body).toContain("This set-up has ended");
	expect(await avery.methods()).toEqual([]);
	expect(avery.turnedOn).toEqual([]);
});

test("turning it on ends the person's set-ups in other sessions, and nobody else's", async () => {
	await using avery = await Avery.atWork();
	await avery.begin("averys-other-session");
	await avery.begin("blakes-session", "blake");
	await avery.begin();
	await avery.enter(avery.codeFor(await avery.key()));
	expect((await avery.rows()).setUps).toBe(1);
	avery.holderId = "averys-other-session";
	expect(await avery.open(paths.key)).toMatchObject({ location: paths.start });
});

test("what goes wrong in the composer's part of the write leaves the app off and the set-up as it was", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	const key = await avery.key();
	avery.alsoInTheWrite = () => {
		throw new Error("The Recovery Code could not be issued");
	};
	expect((await avery.enter(avery.codeFor(key))).status).toBe(500);
	expect(await avery.methods()).toEqual([]);
	expect(await avery.rows()).toEqual({ apps: 0, steps: 0, setUps: 1 });
	avery.alsoInTheWrite = () => {};
	expect((await avery.enter(avery.codeFor(key))).status).toBe(303);
});

test("a set-up that is left leaves nothing behind once another begins", async () => {
	await using avery = await Avery.atWork();
	await avery.begin();
	await avery.enter(avery.codeFor(await avery.key(), 6));
	expect(await avery.rows()).toEqual({ apps: 0, steps: 1, setUps: 1 });
	avery.clock.forward(hours(1));
	await avery.begin("blakes-session", "blake");
	expect(await avery.rows()).toEqual({ apps: 0, steps: 0, setUps: 1 });
});

test("two begun at the same moment in one session are one", async () => {
	await using avery = await Avery.atWork();
	await avery.openConnections();
	await Promise.all([avery.begin(), avery.begin(), avery.begin()]);
	expect((await avery.rows()).setUps).toBe(1);
	await avery.enter(avery.codeFor(await avery.key()));
	expect(await avery.methods()).toHaveLength(1);
});
