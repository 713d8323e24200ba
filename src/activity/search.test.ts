import { expect, test } from "vitest";
import { freshDatabase } from "../../test/harness/database.ts";
import type { Db } from "../db/connect.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import type { EventKind } from "./events.ts";
import { type Search, searchActivity } from "./search.ts";

const PEOPLE = ["avery", "blake", "casey", null];
const ACTORS = ["avery", "blake", "casey", "nobody", "operator"];
const KINDS: EventKind[] = ["signed-in", "signed-out", "password-refused"];

/** Every combination of whom, by whom and what, some at the same moment and some out of order, at two clinics. */
async function fill(db: Db): Promise<ActivityEventRow[]> {
	const rows: ActivityEventRow[] = [];
	for (const profile_id of PEOPLE) {
		for (const actor of ACTORS) {
			for (const kind of KINDS) {
				for (const clinic_id of ["harbour", "hill"]) {
					const number = Math.floor(rows.length / 2) + 1;
					const at = 1_000 + ((number * 7) % 20);
					const rest = { address: null, browser_name: null, detail: "{}", code: "" };
					rows.push({ clinic_id, number, at, kind, profile_id, actor, ...rest });
				}
			}
		}
	}
	await db.insertInto("activity_events").values(rows).execute();
	return rows.filter(({ clinic_id }) => clinic_id === "harbour");
}

function searches(): Search[] {
	const whose: Search[] = [{}, { concerns: "avery" }, { involves: "avery" }, { involves: "nobody here" }];
	const kinds: Search[] = [
		{},
		{ kinds: ["signed-in"] },
		{ kinds: ["signed-out", "password-refused"] },
		{ kinds: [] },
		{ kindsLeftOut: ["signed-out"] },
	];
	const days: Search[] = [{}, { from: 1_005 }, { until: 1_012 }, { from: 1_005, until: 1_012 }];
	return whose.flatMap((a) => kinds.flatMap((b) => days.map((c) => ({ ...a, ...b, ...c }))));
}

function fits(
	event: ActivityEventRow,
	{ concerns, involves, kinds, kindsLeftOut, from, until }: Search,
): boolean {
	return (
		(concerns === undefined || event.profile_id === concerns) &&
		(involves === undefined || event.profile_id === involves || event.actor === involves) &&
		(kinds === undefined || (kinds as string[]).includes(event.kind)) &&
		!(kindsLeftOut as string[] | undefined)?.includes(event.kind) &&
		(from === undefined || event.at >= from) &&
		(until === undefined || event.at < until)
	);
}

test("whatever is looked for together is found, once, newest first and page by page, and the same the other way", async () => {
	await using database = await freshDatabase();
	const { db } = database;
	const all = await fill(db);
	const newestFirst = all.toSorted((a, b) => b.at - a.at || b.number - a.number);
	for (const search of searches()) {
		const expected = newestFirst.filter((event) => fits(event, search));
		const asked = JSON.stringify(search);
		expect.soft(await readAll(db, search, "before"), asked).toEqual(expected);
		expect.soft(await readAll(db, search, "after"), asked).toEqual(expected.toReversed());
	}
});

/** A few at a time, each page going on where the last one ended. */
async function readAll(db: Db, search: Search, going: "before" | "after"): Promise<ActivityEventRow[]> {
	const found: ActivityEventRow[] = [];
	let place = going === "after" ? { at: 0, number: 0 } : undefined;
	for (;;) {
		const page = await searchActivity(db, "harbour", search, { [going]: place, atMost: 7 });
		found.push(...page);
		place = page.at(-1);
		if (page.length < 7) return found;
	}
}
