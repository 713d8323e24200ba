import { describe, expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { insertClinic } from "../clinics/store.ts";
import { days, hours, minutes, seconds } from "../clock.ts";
import { type Config, readConfig } from "../config.ts";
import { Keyring } from "../crypto/keyring.ts";
import { acrossClinics } from "../db/across-clinics.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { deleteExpiredTries } from "../limits/store.ts";
import { NEW_PROFILE, type Profile } from "../profiles/profile.ts";
import { insertProfile } from "../profiles/store.ts";
import { findStop, giveBackMessageTries, type MessageFacts, takeMessageTries } from "./message-limits.ts";

const NOW = Date.UTC(2026, 2, 2, 9);
const keys = Keyring.newKey("test");
const configWith = (environment: Record<string, string> = {}): Config =>
	readConfig({
		DATABASE_URL: "sqlite:x",
		VESTIBULE_KEYS: keys,
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		...environment,
	});
const plain = configWith();

/** Avery's sign-in from a browser that is not known. */
const avery: MessageFacts = {
	clinicId: "harbour",
	profileId: "avery",
	number: "+16045550101",
	network: "192.0.2.7",
	purpose: "sign-in",
	isKnown: false,
	activeStaff: 6,
};
const numberOf = (n: number) => `+1604${String(2_000_000 + n)}`;

function take({ db }: FreshDatabase, m: MessageFacts, now: number, config = plain) {
	return inTransaction(db, (tx) => takeMessageTries(tx, { config }, m, now));
}
function giveBack({ db }: FreshDatabase, m: MessageFacts, sentAt: number, config = plain) {
	return inTransaction(db, (tx) => giveBackMessageTries(tx, { config }, m, sentAt));
}

/** In one transaction that is never run again. */
const once = <T>({ db }: FreshDatabase, work: (tx: Tx) => Promise<T>) => db.transaction().execute(work);
const takeOnce = (database: FreshDatabase, m: MessageFacts, now: number) =>
	once(database, (tx) => takeMessageTries(tx, { config: plain }, m, now));
const giveBackOnce = (database: FreshDatabase, m: MessageFacts, sentAt: number) =>
	once(database, (tx) => giveBackMessageTries(tx, { config: plain }, m, sentAt));

/** Does all of it with as many at the same moment as there are connections: none waits for one until it gives up. */
async function atOnce<A, B>(all: readonly A[], work: (one: A, n: number) => Promise<B>): Promise<B[]> {
	const results: B[] = [];
	const waiting = all.entries();
	const lane = async () => {
		for (const [n, one] of waiting) results[n] = await work(one, n);
	};
	await Promise.all(Array.from({ length: 10 }, lane));
	return results;
}

/** Asks again and again, from a network of its own each time. @returns when messages went */
async function attack(
	database: FreshDatabase,
	m: MessageFacts,
	asks: { every: number; until: number },
): Promise<number[]> {
	const went: number[] = [];
	for (let now = NOW; now < asks.until; now += asks.every) {
		const network = `198.51.${went.length}.${now % 250}`;
		if ((await take(database, { ...m, network }, now)).kind === "go") went.push(now);
	}
	return went;
}

/** Harbour Physio, with Avery and Blake as its Full Access users, Casey and one who has left. */
async function harbourIsThere({ db }: FreshDatabase): Promise<void> {
	const staff: Pick<Profile, "profileId" | "access" | "active">[] = [
		{ profileId: "avery", access: "full", active: true },
		{ profileId: "blake", access: "full", active: true },
		{ profileId: "casey", access: "limited", active: true },
		{ profileId: "gone", access: "full", active: false },
	];
	await inTransaction(db, async (tx) => {
		const clinic = { clinicId: "harbour", shortName: "harbour", name: "Harbour Physio", country: "CA" };
		await insertClinic(tx, { ...clinic, timeZone: "America/Vancouver" }, NOW);
		for (const one of staff) {
			const email = `${one.profileId}@harbour.example`;
			const fresh = { ...NEW_PROFILE, mobile: null };
			await insertProfile(tx, { clinicId: "harbour", name: one.profileId, email, ...fresh, ...one }, NOW);
		}
	});
}

function emailsIn({ db }: FreshDatabase) {
	return db
		.selectFrom("outbox")
		.select(["kind", "recipient"])
		.where("clinic_id", "=", "harbour")
		.orderBy("recipient")
		.execute();
}
async function eventsIn({ db }: FreshDatabase) {
	const query = db.selectFrom("activity_events").select(["kind", "actor", "profile_id", "detail"]);
	const rows = await query.where("clinic_id", "=", "harbour").orderBy("number").execute();
	return rows.map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) }));
}

describe("with one stolen password, from unknown browsers,", () => {
	test("one number gets at most 4 sign-in texts in 10 minutes", async () => {
		await using database = await freshDatabase();
		for (const n of [0, 1, 2, 3]) expect(await take(database, avery, NOW + n)).toEqual({ kind: "go" });
		const limited = { kind: "limited", by: "number", until: NOW + minutes(10) };
		expect(await take(database, avery, NOW + 4)).toEqual({ ...limited, isFirstRefusal: true });
		expect(await take(database, avery, NOW + 5)).toEqual({ ...limited, isFirstRefusal: false });
		expect(await take(database, avery, NOW + minutes(10))).toEqual({ kind: "go" });
	});

	test("one number gets at most 10 sign-in texts in any day, however long one goes on", async () => {
		await using database = await freshDatabase();
		const went = await attack(database, avery, { every: minutes(31), until: NOW + days(2) });
		expect(went.length).toBeGreaterThanOrEqual(19);
		for (const at of went) {
			expect(went.filter((other) => other > at - days(1) && other <= at).length).toBeLessThanOrEqual(10);
		}
	});

	test("one number gets no more for having profiles at many clinics", async () => {
		await using database = await freshDatabase();
		let went = 0;
		for (let n = 0; n < 40; n++) {
			const elsewhere = {
				...avery,
				clinicId: `clinic ${n}`,
				profileId: `avery ${n}`,
				network: `192.0.2.${n}`,
			};
			if ((await take(database, elsewhere, NOW + n * minutes(10))).kind === "go") went++;
		}
		expect(went).toBe(10);
	});

	test("a profile has 15 unused texts a day, to 3 different numbers", async () => {
		await using database = await freshDatabase();
		const setUp = (n: number) => ({ ...avery, purpose: "set-up", number: numberOf(n * 10_000) }) as const;
		for (const n of [1, 2, 3]) expect(await take(database, setUp(n), NOW + n)).toEqual({ kind: "go" });
		expect(await take(database, setUp(4), NOW + 4)).toEqual({
			kind: "limited",
			by: "profile",
			until: NOW + 1 + days(1),
			isFirstRefusal: true,
		});
		for (const n of [1, 1, 2, 2, 3, 3])
			expect(await take(database, setUp(n), NOW + 9)).toMatchObject({ kind: "go" });

		const signIns: string[] = [];
		for (let n = 0; n < 10; n++) {
			const verdict = await take(database, { ...avery, number: numberOf(10_000) }, NOW + n * minutes(10));
			signIns.push(verdict.kind === "go" ? "go" : verdict.by);
		}
		expect(signIns).toEqual([...Array(6).fill("go"), ...Array(4).fill("profile")]);
	});

	test("a number whose code was used is none of the three", async () => {
		await using database = await freshDatabase();
		const setUp = (n: number) => ({ ...avery, purpose: "set-up", number: numberOf(n * 10_000) }) as const;
		for (const n of [1, 2, 3]) await take(database, setUp(n), NOW + n);
		await giveBack(database, setUp(2), NOW + 2);
		expect(await take(database, setUp(4), NOW + 4)).toEqual({ kind: "go" });
		expect(await take(database, setUp(5), NOW + 5)).toMatchObject({ kind: "limited", by: "profile" });
	});
});

test("with a thousand stolen passwords of one clinic, it has its cap of unused texts and no more", async () => {
	await using database = await freshDatabase();
	await harbourIsThere(database);
	const thief = (n: number): MessageFacts => ({
		...avery,
		profileId: `staff ${n}`,
		number: numberOf(n * 10_000),
		network: `198.51.${n % 250}.${Math.floor(n / 250)}`,
	});
	const verdicts = [];
	for (let n = 0; n < 1000; n++) verdicts.push(await take(database, thief(n), NOW + n * seconds(60)));
	expect(verdicts.filter(({ kind }) => kind === "go")).toHaveLength(20 + 5 * 6);
	expect(verdicts.slice(50).every((verdict) => verdict.kind === "limited" && verdict.by === "clinic")).toBe(
		true,
	);

	// The owner's own sign-in, from a known browser, by text.
	const later = NOW + hours(17);
	expect(await take(database, { ...avery, isKnown: true }, later)).toEqual({ kind: "go" });
	expect(await take(database, { ...avery, clinicId: "hill" }, later)).toEqual({ kind: "go" });
});

test("nothing that strangers do stops the owner's known browser below the operator's ceiling", async () => {
	await using database = await freshDatabase();
	await harbourIsThere(database);
	await attack(database, avery, { every: minutes(3), until: NOW + hours(2) });
	for (let n = 0; n < 60; n++) {
		await take(database, { ...avery, profileId: `staff ${n}`, number: numberOf(n * 10_000) }, NOW + hours(2));
	}
	for (let n = 0; n < 40; n++) {
		const alike = {
			...avery,
			clinicId: `c${n}`,
			profileId: "x",
			number: `+1604555${1000 + n}`,
			network: `${n}`,
		};
		await take(database, alike, NOW + hours(2));
	}
	const now = NOW + hours(2) + 1;
	const stranger = await take(database, avery, now);
	expect(stranger.kind).toBe("limited");
	const owner = { ...avery, isKnown: true };
	for (const n of [0, 1, 2, 3]) expect(await take(database, owner, now + n)).toEqual({ kind: "go" });
	expect(await take(database, owner, now + 4)).toMatchObject({ by: "number", until: now + minutes(10) });
	let went = 4;
	for (let n = 1; n < 20; n++) if ((await take(database, owner, now + n * minutes(10))).kind === "go") went++;
	expect(went).toBe(10);
});

test("who sets up somebody else's number uses up nothing of that person's sign-in texts", async () => {
	await using database = await freshDatabase();
	const setUps: MessageFacts[] = [
		{ ...avery, purpose: "set-up", profileId: "colleague", network: "198.51.100.1" },
		{ ...avery, purpose: "set-up", clinicId: "hill", profileId: "stranger", network: "198.51.100.2" },
	];
	const verdicts = [];
	for (let n = 0; n < 20; n++) {
		for (const setUp of setUps) verdicts.push(await take(database, setUp, NOW + n * minutes(1)));
	}
	expect(verdicts.filter(({ kind }) => kind === "go")).toHaveLength(3);
	expect(verdicts.at(-1)).toMatchObject({ kind: "limited", by: "number", until: NOW + days(1) });

	const now = NOW + minutes(20);
	for (const isKnown of [false, true]) {
		for (const n of [0, 1, 2, 3]) {
			expect(await take(database, { ...avery, isKnown }, now + n)).toEqual({ kind: "go" });
		}
	}
});

test("an honest day at a front desk meets no limit: six staff, 30 sign-ins each, every code used", async () => {
	await using database = await freshDatabase();
	for (const isKnown of [false, true]) {
		for (let round = 0; round < 30; round++) {
			for (let person = 0; person < 6; person++) {
				const m = { ...avery, profileId: `staff ${person}`, number: `+1604555010${person}`, isKnown };
				const at = NOW + round * minutes(10) + person;
				expect(await take(database, m, at)).toEqual({ kind: "go" });
				await giveBack(database, m, at);
			}
		}
	}
});

test("a network has 60 unused texts a day, over all clinics", async () => {
	await using database = await freshDatabase();
	const visitor = (n: number): MessageFacts => ({
		...avery,
		clinicId: `clinic ${n % 5}`,
		profileId: `staff ${n}`,
		number: numberOf(n * 10_000),
	});
	for (let n = 0; n < 60; n++) expect(await take(database, visitor(n), NOW + n)).toEqual({ kind: "go" });
	expect(await take(database, visitor(60), NOW + 60)).toMatchObject({ kind: "limited", by: "network" });
	expect(await take(database, { ...visitor(60), network: "192.0.2.8" }, NOW + 60)).toEqual({ kind: "go" });
	await giveBack(database, visitor(59), NOW + 59);
	expect(await take(database, visitor(61), NOW + 61)).toEqual({ kind: "go" });
});

test("numbers alike but for their last four digits get 30 unused texts an hour, over all clinics", async () => {
	await using database = await freshDatabase();
	const alike = (n: number): MessageFacts => ({
		...avery,
		clinicId: `clinic ${n % 5}`,
		profileId: `staff ${n}`,
		number: `+1604555${1000 + n}`,
		network: `192.0.2.${n}`,
	});
	for (let n = 0; n < 30; n++) expect(await take(database, alike(n), NOW + n)).toEqual({ kind: "go" });
	const limited = { kind: "limited", by: "numbers-alike", until: NOW + hours(1) };
	expect(await take(database, alike(30), NOW + 30)).toMatchObject(limited);
	expect(await take(database, { ...alike(30), number: "+16045560000" }, NOW + 30)).toEqual({ kind: "go" });
	expect(await take(database, alike(31), NOW + hours(1))).toEqual({ kind: "go" });
});

test("a refusal takes nothing from any counter", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	for (const n of [0, 1, 2, 3]) await take(database, avery, NOW + n);
	// The first refusal is noted; from then on nothing changes at all.
	await take(database, avery, NOW + 4);
	const counters = async () => [
		await db
			.selectFrom("tries")
			.selectAll()
			.where("clinic_id", "=", "harbour")
			.orderBy("limit_name")
			.execute(),
		await database.backdoor.selectFrom("tries_across_clinics").selectAll().orderBy("limit_name").execute(),
	];
	const before = await counters();
	for (let n = 5; n < 40; n++) expect(await take(database, avery, NOW + n)).toMatchObject({ by: "number" });
	expect(await counters()).toEqual(before);
});

test("counters of numbers, prefixes and networks hold no number and no profile", async () => {
	await using database = await freshDatabase();
	await take(database, avery, NOW);
	await take(database, { ...avery, purpose: "set-up" }, NOW);
	const rows = await database.backdoor.selectFrom("tries_across_clinics").selectAll().execute();
	expect(rows.map(({ limit_name }) => limit_name).toSorted()).toEqual([
		"setUpTextsToNumberADay",
		"textsOfNetworkADay",
		"textsToNumber",
		"textsToNumberADay",
		"textsToNumbersAlike",
	]);
	const own = await database.backdoor.selectFrom("tries").selectAll().execute();
	expect(JSON.stringify(rows)).not.toMatch(/604555|avery|harbour/);
	expect(JSON.stringify(own)).not.toContain("604555");
});

test("a new key in the ring resets no counter", async () => {
	await using database = await freshDatabase();
	for (const n of [0, 1, 2, 3]) await take(database, avery, NOW + n);
	const rotated = configWith({ VESTIBULE_KEYS: `${Keyring.newKey("newer")},${keys}` });
	expect(await take(database, avery, NOW + 4, rotated)).toMatchObject({ by: "number" });
});

describe("when a clinic has had its texts", () => {
	test("of unused ones, its Full Access users are emailed and it is recorded, once a day", async () => {
		await using database = await freshDatabase();
		await harbourIsThere(database);
		const stranger = (n: number) => ({
			...avery,
			activeStaff: 0,
			profileId: `staff ${n}`,
			number: numberOf(n * 10_000),
			network: `192.0.2.${n}`,
		});
		for (let n = 0; n < 20; n++) expect(await take(database, stranger(n), NOW)).toEqual({ kind: "go" });
		expect(await findStop(database.db, "harbour", NOW)).toBeUndefined();
		expect(await emailsIn(database)).toEqual([]);

		const refused = await take(database, stranger(20), NOW + 1);
		expect(refused).toMatchObject({ kind: "limited", by: "clinic", isFirstRefusal: true });
		const until = refused.kind === "limited" ? refused.until : 0;
		for (let n = 21; n < 24; n++) await take(database, stranger(n), NOW + hours(n - 20));
		expect(await findStop(database.db, "harbour", NOW + 2)).toBe("clinic");
		const told = ["avery", "blake"].map((name) => ({
			kind: "text-messages-stopped",
			recipient: `${name}@harbour.example`,
		}));
		expect(await emailsIn(database)).toEqual(told);
		const event = { kind: "text-messages-stopped", actor: "vestibule", profile_id: null };
		expect(await eventsIn(database)).toEqual([{ ...event, detail: { by: "clinic", until } }]);

		// It goes on the next day.
		const nextDay = NOW + days(1) + hours(1);
		for (let n = 0; n < 20; n++) expect(await take(database, stranger(n), nextDay)).toEqual({ kind: "go" });
		await take(database, stranger(20), nextDay);
		expect(await eventsIn(database)).toHaveLength(2);
		expect(await emailsIn(database)).toHaveLength(4);
	});

	test("of all, nobody gets one, used or not, known or not, and the other clinics go on", async () => {
		await using database = await freshDatabase();
		await harbourIsThere(database);
		const low = configWith({ VESTIBULE_SMS_CLINIC_CEILING: "5" });
		for (let n = 0; n < 5; n++) {
			const m = { ...avery, profileId: `staff ${n}`, isKnown: n % 2 === 0 };
			expect(await take(database, m, NOW + n, low)).toEqual({ kind: "go" });
			await giveBack(database, m, NOW + n, low);
		}
		for (const isKnown of [true, false]) {
			const verdict = await take(database, { ...avery, isKnown }, NOW + 9, low);
			expect(verdict).toMatchObject({ kind: "limited", by: "ceiling" });
		}
		expect(await findStop(database.db, "harbour", NOW + 9)).toBe("ceiling");
		expect(await eventsIn(database)).toMatchObject([{ detail: { by: "ceiling" } }]);
		expect(await emailsIn(database)).toHaveLength(2);
		expect(await take(database, { ...avery, clinicId: "hill" }, NOW + 9, low)).toEqual({ kind: "go" });
	});
});

test("where a large clinic's cap is above the operator's ceiling, the ceiling wins: of all messages, used or not", async () => {
	await using database = await freshDatabase();
	await harbourIsThere(database);
	const config = configWith({ VESTIBULE_SMS_CLINIC_CEILING: "60" });
	const askUntilRefused = async (activeStaff: number, from: number, used: (n: number) => boolean) => {
		for (let went = 0; ; went++) {
			const colleague = {
				profileId: `staff ${went}`,
				number: numberOf(went * 10_000),
				network: `192.0.2.${went}`,
			};
			const m = { ...avery, activeStaff, ...colleague };
			const verdict = await take(database, m, from + went, config);
			if (verdict.kind === "limited") return { went, by: verdict.by };
			if (used(went)) await giveBack(database, m, from + went, config);
		}
	};
	const never = () => false;
	// A cap of 2,020.
	expect(await askUntilRefused(400, NOW, never)).toEqual({ went: 60, by: "ceiling" });
	const owner = { ...avery, activeStaff: 400, isKnown: true };
	expect(await take(database, owner, NOW + hours(1), config)).toMatchObject({ by: "ceiling" });
	// A cap of 50.
	expect(await askUntilRefused(6, NOW + days(2), never)).toEqual({ went: 50, by: "clinic" });
	expect(await askUntilRefused(6, NOW + days(4), (n) => n % 2 === 0)).toEqual({ went: 60, by: "ceiling" });
});

// Without `inTransaction`, which would run again what PostgreSQL ended because of a deadlock: there must be none.
describe("of 200 messages asked for at the same moment", () => {
	test("to one number exactly 4 go", async () => {
		await using database = await freshDatabase();
		const asked = Array.from({ length: 200 }, (_, n) => ({
			...avery,
			clinicId: `clinic ${n % 7}`,
			profileId: `avery ${n}`,
			network: `192.0.2.${n % 3}`,
		}));
		const verdicts = await atOnce(asked, (m) => takeOnce(database, m, NOW));
		expect(verdicts.filter(({ kind }) => kind === "go")).toHaveLength(4);
	});

	test("of one clinic exactly its cap goes, with the expired counters being deleted meanwhile", async () => {
		await using database = await freshDatabase();
		await harbourIsThere(database);
		const asked = Array.from({ length: 200 }, (_, n) => ({
			...avery,
			profileId: `staff ${n}`,
			number: numberOf((n % 100) * 10_000),
			network: `198.51.100.${n % 40}`,
		}));
		// Counters that are all over, so that each is both deleted and taken anew.
		for (const m of asked.slice(0, 40)) await takeOnce(database, m, NOW - days(3));
		const verdicts = await atOnce(asked, async (m, n) => {
			if (n % 20 === 10) await once(database, (tx) => deleteExpiredTries(tx, "harbour", NOW));
			if (n % 20 === 15) {
				await once(database, (tx) => acrossClinics.deleteExpiredTries(tx, NOW));
			}
			return takeOnce(database, m, NOW);
		});
		expect(verdicts.filter(({ kind }) => kind === "go")).toHaveLength(50);
		expect(await emailsIn(database)).toHaveLength(2);
	});

	test("with codes being used meanwhile, every counter ends exactly where it must", async () => {
		await using database = await freshDatabase();
		const person = (n: number): MessageFacts => ({
			...avery,
			clinicId: `clinic ${n % 3}`,
			profileId: `staff ${n}`,
			number: numberOf(n),
			network: `192.0.2.${n % 2}`,
		});
		const verdicts = await atOnce(
			Array.from({ length: 200 }, (_, n) => person(n)),
			async (m) => {
				const verdict = await takeOnce(database, m, NOW);
				if (verdict.kind === "go") await giveBackOnce(database, m, NOW);
				return verdict;
			},
		);
		expect(verdicts.filter(({ kind }) => kind === "go").length).toBeGreaterThan(0);
		const left = await database.backdoor.selectFrom("tries_across_clinics").select("state").execute();
		for (const { state } of left) expect(JSON.parse(state).slices).toEqual([]);
		const own = await database.backdoor
			.selectFrom("tries")
			.select("state")
			.where("limit_name", "in", ["textsOfProfileADay", "unusedTextsOfClinicADay"])
			.execute();
		for (const { state } of own) expect(JSON.parse(state).slices).toEqual([]);
	});
});
