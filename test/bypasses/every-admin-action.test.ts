import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { paths } from "../../src/paths.ts";
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
		const times = action.isRepeated ? 3 : 1;
		expect((await countsOf(action)).events).toBe(before.events + times);
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
		[
			"who lost Full Access since signing in",
			async () => {
				await changeAvery({ access: "limited" });
				return act(stage, action, stage.desk);
			},
			/^404/,
		],
		[
			"who was deactivated since signing in",
			async () => {
				await changeAvery({ active: 0 });
				return act(stage, action, stage.desk);
			},
			/^303 \/sign-in/,
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
		const before = await countsOf(action);
		let doors = await doorsKept(stage.app);
		const reply = await send();
		expect(`${reply.status} ${reply.headers.location ?? ""}`).toMatch(answers);
		// What the way there changed is no doing of the form.
		doors = withoutAvery(doors);
		expect(withoutAvery(await doorsKept(stage.app))).toEqual(doors);
		expect(await countsOf(action)).toEqual(before);
		expect(await toldSince()).toEqual([]);
	});

	const needed = action.emails.length > 0 ? ["outbox", "activity_events"] : ["activity_events"];
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
			expect([atTheirs.status, atTheirs.headers.location], action.name).toEqual([303, paths.signIn]);
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

type Kept = Awaited<ReturnType<typeof doorsKept>>;

/** How often it was recorded. */
async function countsOf({ event }: AdminAction): Promise<{ events: number }> {
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

async function changeAvery(changes: { access?: "limited"; active?: 0 }): Promise<void> {
	const profiles = stage.app.database.backdoor.updateTable("profiles");
	await profiles.set(changes).where("email", "=", avery).execute();
}

function withoutAvery(kept: Kept): Kept {
	return { ...kept, profiles: (kept.profiles ?? []).filter(({ email }) => email !== avery) };
}
