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

/** How often something was recorded. */
export async function countEvents({ database: { backdoor } }: App, kind: string): Promise<number> {
	const rows = await backdoor
		.selectFrom("activity_events")
		.select("number")
		.where("kind", "=", kind)
		.execute();
	return rows.length;
}

export async function countSessions({ database: { backdoor } }: App): Promise<number> {
	return (await backdoor.selectFrom("sessions").select("session_id").execute()).length;
}
