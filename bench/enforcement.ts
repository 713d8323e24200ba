import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { dayAfter } from "../src/clinics/local-time.rule.ts";
import { connect, type Db } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import { paths } from "../src/paths.ts";
import { freePort } from "../test/harness/free-port.ts";
import { atOnce } from "./at-once.ts";
import { startChild } from "./child.ts";
import { hire, makeClinic, PASSWORD, type Person } from "./clinic-of-many.ts";
import type { Databases } from "./databases.ts";
import { expectStatus, type Site, type Visitor } from "./http.ts";
import { atLeast, atMost, forReading, type Line } from "./report.ts";
import { enterCode, enterPassword, signIn } from "./sign-in.ts";
import { median, withSpread } from "./statistics.ts";
import { siteOfClinic, startVestibule } from "./vestibule.ts";

const MOST_MS = 1000;
const LEAST_SHARE = 0.8;
const STAFF = 10_000;
const WINDOW_MS = 10_000;
const PEOPLE_ELSEWHERE = 400;
const PEOPLE_AT_ONCE = 4;
const LOOKS_EVERY_MS = 250;
const A_DAY_MS = 86_400_000;

/**
 * A Full Access user switches enforcement on for many, while people at another clinic sign in all the time: how long
 * the answer takes, and how many sign-ins a second there are while the emails go out. They are held back for every
 * second window, until the last one has gone, so that both are measured turn and turn about.
 */
export async function measureEnforcement(databases: Databases): Promise<Line[]> {
	const url = await databases.make("enforcement");
	const db = connect(url);
	await migrate(db);
	const elsewhere = await hire(db, await makeClinic(db, "elsewhere"), PEOPLE_ELSEWHERE);
	const { clinicId, owner } = await makeLargeClinic(db);
	const mail = await startMailSink();
	const vestibule = await startVestibule(url, { clinics: "many", smtpUrl: mail.url });

	const load = startSignIns(db, siteOfClinic(vestibule, "elsewhere"), elsewhere);
	const desk = await openDesk(siteOfClinic(vestibule, "large"), owner);
	const form = await enforcementForm(desk);
	await load.aSecond();
	const startedAt = performance.now();
	const reply = expectStatus(await desk.post(paths.enforcement, form), 303, "Switching enforcement on");
	const answeredMs = performance.now() - startedAt;
	if (!String(reply.headers.location).startsWith(paths.security)) throw new Error("It was not saved");
	const without: number[] = [];
	const during: number[] = [];
	const emails: number[] = [];
	for (;;) {
		await holdBack(db, clinicId);
		const before = await countEmails(db, clinicId);
		if (before === STAFF) break;
		without.push(await load.aSecond());
		await letGo(db, clinicId);
		during.push(await load.aSecond());
		emails.push(((await countEmails(db, clinicId)) - before) / (WINDOW_MS / 1000));
	}
	await load.stop();
	await vestibule.stop();
	await mail.stop();
	await db.destroy();
	// The last window is not full of emails.
	for (const windows of [without, during, emails]) windows.pop();
	const shares = during.map((aSecond, window) => aSecond / (without[window] ?? Number.NaN));
	return [
		atMost(
			`switching enforcement on for ${STAFF} staff, until it answers`,
			MOST_MS,
			" ms",
			answeredMs,
			`${answeredMs.toFixed(0)} ms`,
		),
		atLeast(
			"sign-ins elsewhere while the emails about it go out",
			LEAST_SHARE,
			" ×",
			median(shares),
			withSpread(shares, " ×"),
		),
		forReading("… a second, without", withSpread(without, "", 1)),
		forReading("… a second, with", withSpread(during, "", 1)),
		forReading("… emails a second", withSpread(emails, "", 0)),
	];
}

/** A clinic where nobody has set it up but one Full Access user. */
async function makeLargeClinic(db: Db): Promise<{ clinicId: string; owner: Person }> {
	const clinic = await makeClinic(db, "large");
	const { clinicId } = clinic;
	const [owner] = await hire(db, clinic, STAFF + 1);
	if (!owner) throw new Error("Nobody was hired");
	const { profile_id } = await db
		.updateTable("profiles")
		.set({ access: "full" })
		.where("clinic_id", "=", clinicId)
		.where("email", "=", owner.email)
		.returning("profile_id")
		.executeTakeFirstOrThrow();
	await db
		.deleteFrom("methods")
		.where("clinic_id", "=", clinicId)
		.where("profile_id", "<>", profile_id)
		.execute();
	return { clinicId, owner };
}

async function startMailSink(): Promise<{ url: string; stop: () => Promise<void> }> {
	const port = await freePort();
	const child = startChild("mail-sink.ts", [String(port)]);
	await once(child.process, "message");
	return { url: `smtp://127.0.0.1:${port}`, stop: child.stop };
}

/** People who sign in one after the other, several at once, until it is stopped. */
function startSignIns(db: Db, site: Site, people: Person[]) {
	let isStopping = false;
	let done = 0;
	const ended = (async () => {
		while (!isStopping) {
			await atOnce(PEOPLE_AT_ONCE, people, async (person) => {
				if (isStopping) return;
				await signIn(site, person);
				done++;
			});
			// So that few people suffice: each time step counts only once.
			await db.deleteFrom("authenticator_steps").execute();
		}
	})();
	return {
		/** How many sign-ins a second there are within a window of time. */
		async aSecond(): Promise<number> {
			const [before, startedAt] = [done, performance.now()];
			await Promise.race([wait(WINDOW_MS), ended]);
			return (done - before) / ((performance.now() - startedAt) / 1000);
		},
		stop() {
			isStopping = true;
			return ended;
		},
	};
}

/** A Full Access user's session. */
async function openDesk(site: Site, owner: Person): Promise<Visitor> {
	const waiting = await enterPassword(site, owner);
	await enterCode(waiting);
	return waiting.visitor;
}

/** The form as it is drawn, filled in: from a day a month ahead. */
async function enforcementForm(desk: Visitor): Promise<Record<string, string>> {
	const page = expectStatus(await desk.get(paths.enforcement), 200, "The clinic's rule").body.toString(
		"utf8",
	);
	const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? "";
	return {
		"form-token": hidden("form-token"),
		version: hidden("version"),
		requires: "yes",
		"effective-date": dayAfter(new Date().toISOString().slice(0, 10), 30),
		"allows-trust": "yes",
		"allows-texts": "yes",
		password: PASSWORD,
	};
}

/** Puts the announcement off, and ends when what of it was on its way has been sent. */
async function holdBack(db: Db, clinicId: string): Promise<void> {
	await putOff(db, clinicId, Date.now() + A_DAY_MS);
	for (;;) {
		const waiting = await emailsOf(db, clinicId).where("state", "=", "waiting").executeTakeFirstOrThrow();
		if (waiting.count === 0) return;
		await wait(LOOKS_EVERY_MS);
	}
}

function letGo(db: Db, clinicId: string): Promise<void> {
	return putOff(db, clinicId, Date.now());
}

async function putOff(db: Db, clinicId: string, until: number): Promise<void> {
	await db
		.updateTable("mailings")
		.set({ due_at: until })
		.where("clinic_id", "=", clinicId)
		.where("kind", "=", "announcement")
		.execute();
}

async function countEmails(db: Db, clinicId: string): Promise<number> {
	const { count } = await emailsOf(db, clinicId).where("state", "=", "sent").executeTakeFirstOrThrow();
	return count;
}

function emailsOf(db: Db, clinicId: string) {
	return db
		.selectFrom("outbox")
		.select((eb) => eb.fn.countAll<number>().as("count"))
		.where("clinic_id", "=", clinicId)
		.where("kind", "=", "set-up-required");
}
