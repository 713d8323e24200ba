import { expect, test } from "vitest";
import { type App, startApp } from "../../test/harness/app.ts";
import { findClinic } from "../clinics/store.ts";
import type { MethodRow } from "../db/tables.ts";
import { nameOrder } from "../profiles/name-order.rule.ts";
import { countWhoHasItOn, listWithoutMethod } from "./store.ts";

test("who has it on is counted among the active, a blocked method as on, two of one person once", async () => {
	await using app = await startApp();
	const clinicId = await clinicOf(app);
	expect(await countWhoHasItOn(app.db, clinicId)).toEqual({ active: 6, on: 0 });
	await turnOn(app, "avery", "authenticator-app");
	await turnOn(app, "avery", "text-message");
	await turnOn(app, "blake", "text-message", { blocked_at: 1 });
	await turnOn(app, "casey", "text-message");
	await deactivate(app, "casey");
	expect(await countWhoHasItOn(app.db, clinicId)).toEqual({ active: 5, on: 2 });
	expect(await countWhoHasItOn(app.db, "another")).toEqual({ active: 0, on: 0 });
});

test("the first of the active without a method are listed by name, namesakes by their ids", async () => {
	await using app = await startApp();
	const clinicId = await clinicOf(app);
	await turnOn(app, "avery", "authenticator-app", { blocked_at: 1 });
	await deactivate(app, "casey");
	const { backdoor } = app.database;
	await backdoor
		.updateTable("profiles")
		.set({ name: "Finley Tran", name_order: nameOrder("Finley Tran"), last_reminded_at: 5 })
		.where("email", "=", "devon@harbour.example")
		.execute();

	const listed = await listWithoutMethod(app.db, clinicId, { atMost: 9 });
	expect(await listWithoutMethod(app.db, clinicId, { atMost: 3 })).toEqual(listed.slice(0, 3));
	expect(listed.map(({ name, lastRemindedAt }) => [name, lastRemindedAt]).sort()).toEqual([
		["Blake Moreau", null],
		["Emery Laurent", null],
		["Finley Tran", null],
		["Finley Tran", 5],
	]);
	const [, , one, other] = listed;
	expect([one?.name, other?.name]).toEqual(["Finley Tran", "Finley Tran"]);
	expect((one?.profileId ?? "") < (other?.profileId ?? "")).toBe(true);
	expect(await listWithoutMethod(app.db, "another", { atMost: 3 })).toEqual([]);
});

async function clinicOf({ db }: App): Promise<string> {
	const clinic = await findClinic(db, "the-only-one");
	return clinic?.clinicId ?? "";
}

async function turnOn(
	{ database }: App,
	who: string,
	kind: MethodRow["kind"],
	more: Partial<MethodRow> = {},
) {
	const { backdoor } = database;
	const { clinic_id, profile_id } = await backdoor
		.selectFrom("profiles")
		.selectAll()
		.where("email", "=", `${who}@harbour.example`)
		.executeTakeFirstOrThrow();
	await backdoor
		.insertInto("methods")
		.values({
			clinic_id,
			profile_id,
			kind,
			method_id: `${who}-${kind}`,
			on_at: 1,
			last_used_at: null,
			is_default: 1,
			wrong_in_a_row: 0,
			blocked_at: null,
			...more,
		})
		.execute();
}

async function deactivate({ database }: App, who: string) {
	await database.backdoor
		.updateTable("profiles")
		.set({ active: 0 })
		.where("email", "=", `${who}@harbour.example`)
		.execute();
}
