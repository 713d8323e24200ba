import { minutes } from "../../src/clock.ts";
import type { App } from "../harness/app.ts";

type Kept = Record<string, Record<string, unknown>[]>;

/** Every row of every table, as the database holds them. */
export async function everythingKept(app: App): Promise<Kept> {
	const kept: Kept = {};
	for (const { name } of await app.database.backdoor.introspection.getTables()) {
		kept[name] = await rowsOf(app, name);
	}
	return kept;
}

async function rowsOf({ database: { backdoor } }: App, table: string): Promise<Record<string, unknown>[]> {
	const rows = await backdoor
		.selectFrom(table as "profiles")
		.selectAll()
		.execute();
	const written = rows.map((row) => [JSON.stringify(row), row] as const);
	return written.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** How everybody gets in, without what merely tells of tries: nothing of it changes where an attack is refused. */
export async function doorsKept(app: App): Promise<Kept> {
	const { tries, tries_across_clinics, activity_events, activity_heads, outbox, ...doors } =
		await everythingKept(app);
	return { ...doors, sessions: (doors.sessions ?? []).map(({ last_seen_at, wrong_proofs, ...row }) => row) };
}

/** How often something was recorded. @param of of this person only */
export async function countEvents(app: App, kind: string, of?: string): Promise<number> {
	const { activity_events: events = [], profiles = [] } = await everythingKept(app);
	const person = profiles.find(({ email }) => email === of);
	return events.filter((event) => event.kind === kind && (!of || event.profile_id === person?.profile_id))
		.length;
}

/** How many sessions there are, whether or not they are over. @param of of this person only */
export async function countSessions(app: App, of?: string): Promise<number> {
	const { sessions = [], profiles = [] } = await everythingKept(app);
	const person = profiles.find(({ email }) => email === of);
	return sessions.filter((session) => !of || session.profile_id === person?.profile_id).length;
}

/** What goes on whatever is put back, and what only counts. */
const GOES_ON = ["activity_events", "outbox", "text_tries", "text_receipts"];
const COUNTS = ["activity_heads", "codes_of_countries"];

/**
 * Which rows go and come by something, but for what is made up anew each time. Between one thing and the next all is
 * put back; only the tables that the app wrote to are read.
 *
 * @param now what times are told from
 */
export async function watchChanges(app: App, now: number) {
	const { statements } = app.database;
	const linesOf = (rows: object[] = []) => new Set(rows.map((row) => JSON.stringify(row)));
	const known = new Map(
		Object.entries(await everythingKept(app)).map(([name, rows]) => [name, linesOf(rows)]),
	);
	return async (something: () => Promise<unknown>): Promise<string[]> => {
		const first = statements.length;
		await something();
		const written = statements
			.slice(first)
			.map((sql) => /^(?:insert into|update|delete from) "(\w+)"/.exec(sql));
		const changes: string[] = [];
		for (const name of new Set(written.flatMap((match) => match?.[1] ?? []))) {
			if (COUNTS.includes(name)) continue;
			const [was, is] = [known.get(name) ?? linesOf(), linesOf(await rowsOf(app, name))];
			if (GOES_ON.includes(name)) known.set(name, is);
			for (const line of was) if (!is.has(line)) changes.push(`- ${name} ${withoutChance(line, now)}`);
			for (const line of is) if (!was.has(line)) changes.push(`+ ${name} ${withoutChance(line, now)}`);
		}
		return changes.sort();
	};
}

/** A text with a word for all that is made up anew each time: ids, tokens, hashes, codes; and times to the minute. */
export function withoutChance(text: string, now: number): string {
	return text
		.replaceAll(/\$argon2id\$[^"]+/g, "a-hash")
		.replaceAll(/\btest\.[\w.-]{22,}/g, "sealed")
		.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "an-id")
		.replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, "a-token")
		.replaceAll(/\b\d{4} \d{4}\b/g, "a-code")
		.replaceAll(/(?<="number":)\d+/g, "the-next")
		.replaceAll(/\b\d{13}\b/g, (time) => `${Math.round((Number(time) - now) / minutes(1))} min`)
		.replaceAll(/(?<="leftMs":)\d+/g, (time) => `${Math.round(Number(time) / minutes(1))} min`);
}
