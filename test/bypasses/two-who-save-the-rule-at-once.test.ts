import { afterAll, beforeAll, expect, test } from "vitest";
import { dayAfter, localDay } from "../../src/clinics/local-time.rule.ts";
import { findClinic } from "../../src/clinics/store.ts";
import { minutes } from "../../src/clock.ts";
import { Keyring } from "../../src/crypto/keyring.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { Browser, type Reply, userAgents } from "../harness/browser.ts";
import { avery, blake, requireFrom, setUpAuthenticatorApp } from "../harness/people.ts";
import { type Build, build, type Process, startProcess, throughProcess } from "./another-process.ts";
import { formToken } from "./cookies-of.ts";
import { type Owner, ownerWithApp } from "./owners.ts";
import { countEvents, everythingKept } from "./what-is-kept.ts";

// Two real processes, `vestibule serve` twice, on one database: PostgreSQL, or SQLite's one file.

const SLOW = { timeout: 600_000 };
const ROUNDS = 6;

let app: App;
let processes: [Process, Process];
let built: Build;
let first: Owner;
let second: Owner;

beforeAll(async () => {
	const keys = { VESTIBULE_KEYS: Keyring.newKey("shared") };
	app = await startApp({ environment: keys });
	built = build();
	const environment = { ...keys, ...app.texts.environment };
	processes = [await startProcess(built, app, environment), await startProcess(built, app, environment)];
	// The processes have the clock of the world.
	app.clock.at(Date.now());
	first = await ownerWithApp(app, avery);
	second = await ownerWithApp(app, blake);
}, SLOW.timeout);

afterAll(async () => {
	for (const process of processes) await process[Symbol.asyncDispose]();
	built[Symbol.dispose]();
	await app[Symbol.asyncDispose]();
});

test(
	"of two Full Access users who save at the same moment one saves, and the other is told",
	SLOW,
	async () => {
		for (let round = 0; round < ROUNDS; round++) {
			const before = await ruleNow();
			const changes = await countEvents(app, "enforcement-changed");
			const today = localDay(Date.now(), before.timeZone);
			const days = [dayAfter(today, 10 + round), dayAfter(today, 20 + round)];
			const version = String(before.rule.version);
			const saves = { version, requires: "yes", "allows-trust": round % 2 === 0 ? "yes" : "" };
			const replies = await Promise.all([
				send(first, 0, paths.enforcement, { ...saves, "effective-date": days[0] ?? "" }),
				send(second, 1, paths.enforcement, {
					...saves,
					"effective-date": days[1] ?? "",
					"allows-texts": "yes",
				}),
			]);
			expect(replies.map(({ status }) => status).toSorted()).toEqual([303, 422]);
			const winner = replies.findIndex(hasSaved);
			const lost = replies[1 - winner]?.body.toString();
			expect(lost).toContain("These settings were changed after you opened this page");
			// The form that comes back is about what the winner saved, and still holds what the other one entered.
			expect(lost).toContain(`name="version" value="${before.rule.version + 1}"`);
			expect(lost).toContain(`value="${days[1 - winner]}"`);
			expect((await ruleNow()).rule).toMatchObject({
				requiredFromOn: days[winner],
				allowsTexts: winner === 1,
				version: before.rule.version + 1,
			});
			expect(await countEvents(app, "enforcement-changed")).toBe(changes + 1);
		}
	},
);

test("the same form sent four times at the same moment is saved, recorded and told once", SLOW, async () => {
	const before = await ruleNow();
	const changes = await countEvents(app, "enforcement-changed");
	const form = {
		version: String(before.rule.version),
		requires: "yes",
		"effective-date": dayAfter(localDay(Date.now(), before.timeZone), 40),
	};
	const emails = async () =>
		(await everythingKept(app)).outbox?.filter(({ kind }) => kind === "enforcement-changed").length ?? 0;
	const toldBefore = await emails();
	const replies = await Promise.all([0, 1, 0, 1].map((turn) => send(first, turn, paths.enforcement, form)));
	expect(replies.map(hasSaved)).toEqual([true, true, true, true]);
	expect((await ruleNow()).rule.version).toBe(before.rule.version + 1);
	expect(await countEvents(app, "enforcement-changed")).toBe(changes + 1);
	expect(await emails()).toBe(toldBefore + 2);
});

test(
	"who requires it from now and turns off their own last method at the same moment does one of both",
	SLOW,
	async () => {
		for (let round = 0; round < ROUNDS; round++) {
			await requireFrom(app, null);
			app.clock.at(Date.now());
			const { rule, timeZone } = await ruleNow();
			const turnOff = paths.turnOff.to("authenticator-app");
			const require = {
				version: String(rule.version),
				requires: "yes",
				"effective-date": localDay(Date.now(), timeZone),
			};
			const turn = round % 2;
			await Promise.all([send(first, turn, paths.enforcement, require), send(first, 1 - turn, turnOff, {})]);
			const isRequired = (await ruleNow()).rule.requiredFromOn !== null;
			const { methods = [], profiles = [] } = await everythingKept(app);
			const id = profiles.find(({ email }) => email === avery)?.profile_id;
			const hasMethod = methods.some(({ profile_id }) => profile_id === id);
			expect(isRequired, `round ${round}`).toBe(hasMethod);
			await requireFrom(app, null);
			if (!hasMethod) {
				app.clock.at(Date.now() - minutes(1));
				await setUpAuthenticatorApp(first.desk);
			}
		}
	},
);

test(
	"of two who save Automatic Sign Out at the same moment each change is recorded as it was",
	SLOW,
	async () => {
		await requireFrom(app, null);
		const replies = await Promise.all(
			[10, 30].map((length, turn) =>
				send(second, turn, paths.automaticSignOut, { "sign-out-after": String(minutes(length)) }),
			),
		);
		expect(replies.map(({ status }) => status)).toEqual([303, 303]);
		const { activity_events: events = [], clinics = [] } = await everythingKept(app);
		const changes = events
			.filter(({ kind }) => kind === "automatic-sign-out-changed")
			.toSorted((a, b) => Number(a.number) - Number(b.number))
			.map(({ detail }) => JSON.parse(String(detail)));
		expect(changes).toHaveLength(2);
		expect(changes[1].fromMs).toBe(changes[0].toMs);
		expect(clinics[0]?.sign_out_after_ms).toBe(changes[1].toMs);
	},
);

function hasSaved({ headers }: Reply): boolean {
	return headers.location?.startsWith(`${paths.security}?`) ?? false;
}

/** Sends a form with the right token and password from somebody's desk, by way of one of the processes. */
function send(owner: Owner, turn: number, path: string, form: Record<string, string>): Promise<Reply> {
	const process = processes[turn % 2];
	if (!process) throw new Error("There is no such process");
	const { address, origin, cookies } = owner.desk;
	const options = { address, origin, userAgent: userAgents.firefoxOnMac };
	const sender = new Browser(throughProcess(app, process), options, cookies.copy());
	const whole = { "form-token": formToken(owner.desk, "session"), password: DEMO_PASSWORD, ...form };
	return sender.send(path, { method: "POST", form: whole });
}

async function ruleNow() {
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	return clinic;
}
