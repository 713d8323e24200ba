import type { App } from "../harness/app.ts";

type Kept = Record<string, Record<string, unknown>[]>;

/** Every row of every table, as the database holds them. */
export async function everythingKept({ database: { backdoor } }: App): Promise<Kept> {
	const kept: Kept = {};
	for (const { name } of await backdoor.introspection.getTables()) {
		const rows = await backdoor
			.selectFrom(name as "profiles")
			.selectAll()
			.execute();
		kept[name] = rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
	}
	return kept;
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
