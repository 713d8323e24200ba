import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Db } from "../../src/db/connect.ts";
import type { Tx } from "../../src/db/transaction.ts";
import { listMethods } from "../../src/methods/store.ts";
import { paths } from "../../src/paths.ts";
import { changeDoors, deactivateProfile, setAccess } from "../../src/profiles/store.ts";
import { deleteSessions } from "../../src/sessions/store.ts";
import { endMethod } from "../../src/set-up/end-method.ts";
import { snapshot } from "../every-page/snapshot.ts";
import { startApp } from "../harness/app.ts";
import type { Reply } from "../harness/browser.ts";
import { Page } from "../harness/page.ts";
import { avery, casey, setUpAuthenticatorApp, signIn } from "../harness/people.ts";
import {
	type AdminAction,
	type AdminStage,
	act,
	adminActions,
	placeOf,
	setAdminStage,
} from "./admin-actions.ts";
import { cookies, formToken } from "./cookies-of.ts";
import { chooseNewPassword, NEW_PASSWORD } from "./owners.ts";
import { manyClinics, sasha, twoClinics } from "./two-clinics.ts";
import { doorsKept, everythingKept } from "./what-is-kept.ts";

let stage: AdminStage;
let restore: () => Promise<void>;
let start: number;
beforeAll(async () => {
	// Where a table is missing the app logs that it could not answer, which is what is tried here.
	stage = await setAdminStage({ environment: { VESTIBULE_LOG_LEVEL: "silent" } });
	restore = await snapshot(stage.app);
	start = stage.app.clock.now();
}, 60_000);
beforeEach(async () => {
	await restore();
	stage.app.clock.at(start);
	await stage.app.inbox.clear();
});
afterAll(() => stage[Symbol.asyncDispose]());

test("every form under Settings and Staff that the running app takes is tried here, and nothing that it has not", () => {
	const posted = stage.app.routes.filter(({ method }) => method === "POST").map(({ pattern }) => pattern);
	const admin = posted.filter((pattern) => /^\/(settings|staff)(\/|$)/.test(pattern));
	expect([...new Set(adminActions.map(({ pattern }) => pattern))].sort()).toEqual([...new Set(admin)].sort());
});

const onPostgres = process.env.TEST_ENGINE === "postgres";

/** How Avery stops being who may do it, and where the form leads then. */
const losses: [how: string, lose: (tx: Tx) => Promise<void>, answers: RegExp][] = [
	["lost Full Access", async (tx) => void (await setAccess(tx, ...averys(), "limited")), /^404/],
	["was deactivated", async (tx) => void (await deactivateProfile(tx, ...averys(), start)), /^303 \/sign-in/],
	[
		"lost their own method",
		async (tx) => {
			const [clinicId, profileId] = averys();
			for (const method of await listMethods(tx, clinicId, profileId)) {
				await endMethod(tx, clinicId, profileId, method);
			}
			await deleteSessions(tx, clinicId, profileId);
			await changeDoors(tx, clinicId, profileId);
		},
		/^303 \/sign-in/,
	],
];

describe.each(adminActions)("to $name", (action) => {
	const isToSomebody = action.pattern.includes(":profileId");

	test("is done once for a Full Access user who was asked again, recorded, and everybody is told who should be", async () => {
		const before = await countsOf(action);
		const reply = await act(stage, action, stage.desk);
		expect([200, 303], sentencesIn(reply)).toContain(reply.status);
		await stage.app.drain();
		expect(await toldSince()).toEqual([...action.emails].sort());
		expect((await countsOf(action)).events).toBe(before.events + 1);
	});

	test("sent twice, at the same moment or after one another, is done once where once is enough", async () => {
		const before = await countsOf(action);
		const replies = await Promise.all([1, 2].map(() => act(stage, action, stage.desk)));
		replies.push(await act(stage, action, stage.desk));
		for (const { status } of replies) expect([200, 303, 404, 422]).toContain(status);
		const times = (await countsOf(action)).events - before.events;
		const expected = { always: [3], "once seen to": [1, 2, 3], never: [1] };
		const repeated = action.isRepeated === true ? "always" : (action.isRepeated ?? "never");
		expect(expected[repeated]).toContain(times);
		const told = Array.from({ length: times }, () => action.emails).flat();
		expect(await toldSince()).toEqual(told.sort());
	});

	const refused: [who: string, send: () => Promise<Reply>, answers: RegExp][] = [
		["a Limited colleague", () => act(stage, action, stage.limited), /^404/],
		["the colleague it is done to", () => act(stage, action, stage.colleague), /^404/],
		["nobody in particular", () => act(stage, action, stage.desk, { form: { "form-token": "" } }), /^403/],
		[
			"an old form, of another session of the same person",
			() => act(stage, action, stage.desk, { form: { "form-token": formToken(stage.byTrust, "session") } }),
			/^403/,
		],
		[
			"another site",
			() =>
				act(stage, action, stage.desk, {
					headers: { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
				}),
			/^403/,
		],
		[
			"another host of this domain",
			() => act(stage, action, stage.desk, { headers: { "sec-fetch-site": "same-site" } }),
			/^403/,
		],
	];
	if (action.needsOwnMethod) {
		refused.push([
			"a Full Access user without a method of their own",
			() => act(stage, action, stage.withoutMethod),
			/^200|^303 \/settings\/security\/2-step-verification$/,
		]);
	}
	if (action.asks === "password and code") {
		const withPassword = (password: string) => () => act(stage, action, stage.desk, { form: { password } });
		refused.push(
			["who leaves the password out", withPassword(""), /^422/],
			["who does not know the password", withPassword("not that one, sorry"), /^422/],
			["who was asked for no code yet", () => act(stage, action, stage.byTrust), /^303 \/account\/confirm\?/],
		);
	}
	if (isToSomebody) {
		const to = (profile: () => string) => () => act(stage, action, stage.desk, { to: profile() });
		refused.push(
			["who does it to themselves", to(() => stage.ids(avery)), /^303|^404|^422/],
			["who names nobody", to(() => "nobody"), /^404/],
			["who writes a profile's id in capitals", to(() => stage.ids(casey).toUpperCase()), /^404/],
		);
	}

	test.each(refused)("is refused to %s", async (_who, send, answers) => {
		await leavesAsItIs(action, async () => {
			const reply = await send();
			expect(`${reply.status} ${reply.headers.location ?? ""}`).toMatch(answers);
		});
	});

	test.each(losses)("is refused to who %s after the page was opened", async (_how, lose, answers) => {
		await stage.app.db.transaction().execute(lose);
		await leavesAsItIs(action, async () => {
			const reply = await act(stage, action, stage.desk);
			expect(`${reply.status} ${reply.headers.location ?? ""}`).toMatch(answers);
		});
	});

	// SQLite has one transaction at a time: there one of the two is always over before the other begins.
	if (onPostgres) {
		test.each(losses)("is refused to who %s while the form is on its way", async (_how, lose) => {
			await leavesAsItIs(action, async () => {
				const { status } = await sentMeanwhile(lose, () => act(stage, action, stage.desk));
				expect(status).toBe(303);
			});
		});
	}

	const written = action.emails.length > 0 ? ["outbox", "activity_events"] : ["activity_events"];
	const needed = action.keptIn ? [action.keptIn] : written;
	test.each(needed)("is not done at all where %s takes nothing", async (table) => {
		const doors = await doorsKept(stage.app);
		const before = await countsOf(action);
		const { schema } = stage.app.database.backdoor;
		await schema.alterTable(table).renameTo("away").execute();
		const reply = await act(stage, action, stage.desk).finally(() =>
			schema.alterTable("away").renameTo(table).execute(),
		);
		expect([500, 503]).toContain(reply.status);
		expect(new Page(stage.desk, reply).heading).toBe("Something went wrong on our side");
		expect(await doorsKept(stage.app)).toEqual(doors);
		expect(await countsOf(action)).toEqual(before);
		expect(await toldSince()).toEqual([]);
		// And it is done as soon as it can be.
		expect([200, 303]).toContain((await act(stage, action, stage.desk)).status);
		expect((await countsOf(action)).events).toBe(before.events + 1);
	});
});

describe("of another clinic", () => {
	test("a Full Access user does nothing here, with their own session or with ours' ids, whatever they send", async () => {
		await using app = await startApp(manyClinics);
		const { harbour, maple } = await twoClinics(app);
		const signedIn = async ({ browser, invitation }: typeof harbour) => {
			const desk = browser();
			await chooseNewPassword(desk, invitation);
			await signIn(desk, sasha, NEW_PASSWORD);
			await setUpAuthenticatorApp(desk, NEW_PASSWORD);
			return desk;
		};
		await signedIn(harbour);
		const stranger = await signedIn(maple);
		const here = await profileOf(harbour.shortName);
		const there = harbour.browser();
		for (const name of [cookies.session, cookies.browser]) {
			there.cookies.set(name, stranger.cookies.get(name) ?? "");
		}
		await app.drain();
		const before = await ofClinic(harbour.shortName);
		const form = { password: NEW_PASSWORD, version: "0" };
		for (const action of adminActions) {
			const sent = { to: here, form };
			// Everything in the form that names a profile names one of the other clinic.
			const ids = () => here;
			const atTheirs = await act({ ids }, action, there, sent);
			expect([atTheirs.status, atTheirs.headers.location], action.name).toEqual([
				303,
				`${paths.signIn}?notice=not-sent`,
			]);
			const atHome = await act({ ids }, action, stranger, sent);
			if (placeOf(action, here) !== action.pattern || JSON.stringify(action.form(ids)).includes(here)) {
				expect(atHome.status, action.name).toBe(404);
			}
			expect(atHome.body.toString(), action.name).not.toContain("Harbour Physio");
		}
		await app.drain();
		expect(await ofClinic(harbour.shortName)).toEqual(before);

		async function profileOf(shortName: string): Promise<string> {
			const { profiles = [] } = await ofClinic(shortName);
			return String(profiles[0]?.profile_id);
		}

		async function ofClinic(shortName: string) {
			const { tries_across_clinics, codes_of_countries, ...kept } = await everythingKept(app);
			const clinic = kept.clinics?.find(({ short_name }) => short_name === shortName);
			const own = (rows: Record<string, unknown>[]) =>
				rows.filter(({ clinic_id }) => clinic_id === clinic?.clinic_id);
			return Object.fromEntries(Object.entries(kept).map(([table, rows]) => [table, own(rows)]));
		}
	});
});

function averys(): [clinicId: string, profileId: string] {
	return [stage.clinicId, stage.ids(avery)];
}

type Kept = Awaited<ReturnType<typeof doorsKept>>;

/** How often it was recorded, once all that waits is seen to. */
async function countsOf({ event }: AdminAction): Promise<{ events: number }> {
	await stage.app.drain();
	const events = stage.app.database.backdoor.selectFrom("activity_events");
	const rows = await events.select("number").where("kind", "=", event).execute();
	return { events: rows.length };
}

/** The mailboxes that something came to since everybody was in place, one for each email. */
async function toldSince(): Promise<string[]> {
	return (await stage.app.inbox.all()).map(({ to }) => to).sort();
}

function sentencesIn(reply: Reply): string {
	return reply.status === 422 ? new Page(stage.desk, reply).errors.join() : "";
}

/** Tries something that must change nothing but of Avery, record nothing and tell nobody. */
async function leavesAsItIs(action: AdminAction, tried: () => Promise<void>): Promise<void> {
	const before = await countsOf(action);
	const doors = withoutAvery(await doorsKept(stage.app));
	await tried();
	expect(withoutAvery(await doorsKept(stage.app))).toEqual(doors);
	expect(await countsOf(action)).toEqual(before);
	expect(await toldSince()).toEqual([]);
}

function withoutAvery(kept: Kept): Kept {
	const herMethods = (kept.methods ?? []).filter(({ profile_id }) => profile_id === stage.ids(avery));
	const hers = new Set([stage.ids(avery), ...herMethods.map(({ method_id }) => method_id)]);
	const isHers = ({ profile_id, method_id }: Record<string, unknown>) =>
		hers.has(profile_id) || hers.has(method_id);
	return Object.fromEntries(
		Object.entries(kept).map(([table, rows]) => [table, rows.filter((row) => !isHers(row))]),
	);
}

/** Has a request wait for an open transaction, which ends then. */
async function sentMeanwhile(change: (tx: Tx) => Promise<void>, send: () => Promise<Reply>): Promise<Reply> {
	const { backdoor } = stage.app.database;
	return backdoor
		.transaction()
		.execute(async (tx) => {
			await change(tx);
			const sent = send();
			let isAnswered = false;
			void sent.finally(() => {
				isAnswered = true;
			});
			while (!isAnswered && !(await isOneWaiting(backdoor))) await pause(5);
			return { sent };
		})
		.then(({ sent }) => sent);
}

/** Whether a transaction waits for what another one has locked. */
async function isOneWaiting(db: Db): Promise<boolean> {
	const { rows } = await sql`
		select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
	`.execute(db);
	return rows.length > 0;
}
