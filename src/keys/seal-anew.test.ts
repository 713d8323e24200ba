import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { type FreshDatabase, freshDatabase } from "../../test/harness/database.ts";
import { insertAuthenticatorApp, insertSetUp } from "../authenticator-app/store.ts";
import { insertClinic } from "../clinics/store.ts";
import { Keyring } from "../crypto/keyring.ts";
import { inTransaction } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import { insertRecoveryCode } from "../recovery-code/store.ts";
import { countUnopened } from "./count-unopened.ts";
import { sealAnew } from "./seal-anew.ts";
import { sealedColumns } from "./sealed-column.ts";
import { listSealed, replaceSealed } from "./store.ts";

const earlier = Keyring.newKey("2025");
const today = Keyring.newKey("2026");
const before = new Keyring(earlier);
const after = new Keyring(`${today},${earlier}`);
const clock = () => Date.UTC(2026, 11, 7);

test("everything that is sealed has its place in the list, or a rotation would forget it", async () => {
	await using database = await freshDatabase();
	const tables = await database.backdoor.introspection.getTables();
	const sealed = tables.flatMap(({ name, columns }) =>
		columns
			.filter((column) => /^sealed_(?!until)/.test(column.name))
			.map((column) => `${name}.${column.name}`),
	);
	expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(sealed.sort());
});

test("everything is sealed under the first key, of every clinic, and opens as before", async () => {
	await using database = await freshDatabase();
	await fill(database, { clinics: ["a", "b"], apps: 230 });
	const rows = 2 * (230 + 3);
	expect(await sealAnew({ db: database.db, config: { keyring: after }, clock })).toEqual({
		rows,
		unopened: 0,
	});
	expect(await secretsOf(database)).toEqual(
		["a", "b"].flatMap((clinic) => Array.from({ length: 230 }, (_, n) => `2026 secret ${n} of ${clinic}`)),
	);
	for (const clinicId of ["a", "b"]) {
		expect(await countUnopened(database.db, new Keyring(today), clinicId, 1_000)).toEqual({
			looked: 233,
			unopened: 0,
		});
	}
	const events = database.backdoor
		.selectFrom("activity_events")
		.select(["clinic_id", "kind", "actor", "detail"]);
	expect(await events.orderBy("clinic_id").execute()).toEqual(
		["a", "b"].map((clinic_id) => ({
			clinic_id,
			kind: "keys-rotated",
			actor: "operator",
			detail: '{"keyId":"2026"}',
		})),
	);

	expect(await sealAnew({ db: database.db, config: { keyring: after }, clock })).toEqual({
		rows: 0,
		unopened: 0,
	});
	expect(await events.execute()).toHaveLength(2);
});

test("what no key opens is counted and left as it is", async () => {
	await using database = await freshDatabase();
	await fill(database, { clinics: ["a"], apps: 2 });
	const lost = new Keyring(Keyring.newKey("lost"));
	const sealed = lost.seal("gone", { clinicId: "a", profileId: "p0", purpose: "authenticator-secret" });
	await database.backdoor
		.updateTable("authenticator_apps")
		.set({ sealed_secret: sealed })
		.where("profile_id", "=", "p0")
		.execute();
	expect(await countUnopened(database.db, after, "a", 10)).toEqual({ looked: 5, unopened: 1 });
	expect(await sealAnew({ db: database.db, config: { keyring: after }, clock })).toEqual({
		rows: 4,
		unopened: 1,
	});
	const row = await database.backdoor
		.selectFrom("authenticator_apps")
		.select("sealed_secret")
		.where("profile_id", "=", "p0")
		.executeTakeFirst();
	expect(row?.sealed_secret).toBe(sealed);
});

test("what somebody changes meanwhile stays as they wrote it", async () => {
	await using database = await freshDatabase();
	await fill(database, { clinics: ["a"], apps: 1 });
	const boundTo = { clinicId: "a", profileId: "p0", purpose: "authenticator-secret" } as const;
	const [column] = sealedColumns;
	const [read] = column ? await listSealed(database.db, column, "a", "", 1) : [];
	if (!column || !read) throw new Error("Nothing is sealed");
	const newer = before.seal("a newer secret", boundTo);
	await database.backdoor.updateTable("authenticator_apps").set({ sealed_secret: newer }).execute();
	const isReplaced = await inTransaction(database.db, (tx) =>
		replaceSealed(tx, column, "a", read, after.seal("secret 0 of a", boundTo)),
	);
	expect(isReplaced).toBe(false);
	expect(await secretsOf(database)).toEqual(["2025 a newer secret"]);
});

test("a rotation that is killed in the middle loses nothing and is finished by the next", async () => {
	await using database = await freshDatabase();
	await fill(database, { clinics: ["a", "b", "c"], apps: 600 });
	const script = new URL("../../test/harness/seal-anew-process.ts", import.meta.url).pathname;
	// Within a transaction: each seals 100.
	const rotation = spawn(process.execPath, [script, database.url, `${today},${earlier}`, "750"], {
		stdio: "inherit",
	});
	const [, signal] = await once(rotation, "close");
	expect(signal).toBe("SIGKILL");

	const sealedThen = await countSealedBy(database, "2026");
	expect(sealedThen).toBeGreaterThan(0);
	expect(sealedThen).toBeLessThan(1_800);
	const secrets = (await secretsOf(database)).map((secret) => secret.slice("2026 ".length));
	expect(new Set(secrets).size).toBe(1_800);
	const { rows, unopened } = await sealAnew({ db: database.db, config: { keyring: after }, clock });
	expect(unopened).toBe(0);
	expect(rows).toBeGreaterThanOrEqual(1_800 - sealedThen);
	expect(await countSealedBy(database, "2026")).toBe(1_800);
	expect((await secretsOf(database)).map((secret) => secret.slice("2026 ".length))).toEqual(secrets);
});

/** Clinics with something of each kind sealed by the earlier key: many apps, and one of everything else. */
async function fill({ backdoor }: FreshDatabase, { clinics, apps }: { clinics: string[]; apps: number }) {
	await inTransaction(backdoor, async (tx) => {
		for (const clinicId of clinics) {
			const clinic = { clinicId, shortName: clinicId, name: clinicId, timeZone: "UTC", country: "CA" };
			await insertClinic(tx, clinic, 0);
			for (let n = 0; n < apps; n++) {
				const profileId = `p${n}`;
				const boundTo = { clinicId, profileId, purpose: "authenticator-secret" } as const;
				const sealedSecret = before.seal(`secret ${n} of ${clinicId}`, boundTo);
				const methodId = `m${String(n).padStart(6, "0")}`;
				await insertAuthenticatorApp(tx, { clinicId, profileId, methodId, sealedSecret });
			}
			const owner = { clinicId, profileId: "p0" };
			await insertSetUp(tx, {
				...owner,
				setUpId: "s",
				doorsVersion: 0,
				holderId: "h",
				sealedSecret: before.seal("x", { ...owner, purpose: "authenticator-secret" }),
				now: 0,
				expiresAt: 0,
			});
			await insertRecoveryCode(tx, {
				...owner,
				codeId: "c",
				hash: "",
				sealed: { code: before.seal("x", { ...owner, purpose: "recovery-code" }), until: 1 },
				shownTo: "h",
				now: 0,
			});
			await queueEmail(tx, before, {
				clinicId,
				profileId: null,
				to: "avery@harbour.example",
				kind: "invitation",
				email: { subject: "", paragraphs: [] },
				now: 0,
			});
		}
	});
}

/** The id of the key and the secret of every app. */
async function secretsOf({ backdoor }: FreshDatabase): Promise<string[]> {
	const rows = await backdoor
		.selectFrom("authenticator_apps")
		.selectAll()
		.orderBy("clinic_id")
		.orderBy("method_id")
		.execute();
	return rows.map(({ clinic_id: clinicId, profile_id: profileId, sealed_secret }) => {
		const boundTo = { clinicId, profileId, purpose: "authenticator-secret" } as const;
		return `${sealed_secret.split(".")[0]} ${after.open(sealed_secret, boundTo)}`;
	});
}

async function countSealedBy({ backdoor }: FreshDatabase, keyId: string): Promise<number> {
	const { count } = await backdoor
		.selectFrom("authenticator_apps")
		.select((eb) => eb.fn.countAll<number>().as("count"))
		.where("sealed_secret", "like", `${keyId}.%`)
		.executeTakeFirstOrThrow();
	return count;
}
