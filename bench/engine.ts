import { connect } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import { measureActivity } from "./activity.ts";
import { hire, makeClinic } from "./clinic-of-many.ts";
import { type Engine, openDatabases } from "./databases.ts";
import { measureGrowth } from "./growth.ts";
import { measurePageSize } from "./page-size.ts";
import type { Line } from "./report.ts";
import { measureSecondStep, staffForSecondStep } from "./second-step.ts";
import { measureSignInCost, staffForSignInCost } from "./sign-in-cost.ts";
import { measureMemoryAfterWork, measureStartUp } from "./start-up.ts";
import { measureUnknownEmail, staffForUnknownEmail } from "./unknown-email.ts";
import { startVestibule } from "./vestibule.ts";

/** What can be asked for alone. */
export const alone = ["activity"] as const;

/** Measures only that on one engine. */
export async function measureAlone(engine: Engine): Promise<Line[]> {
	const databases = await openDatabases(engine);
	const lines = await measureActivity(databases);
	await databases.close();
	return lines;
}

/** Measures everything on one engine, one thing after the other. Nobody signs in twice in the same time step. */
export async function measureEngine(engine: Engine, rounds: number): Promise<Line[]> {
	const databases = await openDatabases(engine);
	const url = await databases.make("clinic");
	const db = connect(url);
	await migrate(db);
	const staff = staffForSignInCost(rounds) + staffForSecondStep(rounds) + staffForUnknownEmail;
	const people = await hire(db, await makeClinic(db, "harbour"), staff);
	await db.destroy();

	const startUp = await measureStartUp(url);
	const vestibule = await startVestibule(url);
	const lines = [
		...(await measureSignInCost(vestibule, people, rounds)),
		...(await measureSecondStep(vestibule, people, rounds, await databases.make("other"))),
		...(await measureUnknownEmail(vestibule.site, people)),
		...(await measurePageSize(vestibule.site)),
		...startUp,
		...(await measureMemoryAfterWork(vestibule)),
	];
	await vestibule.stop();
	lines.push(...(await measureGrowth(databases, rounds)));
	lines.push(...(await measureActivity(databases)));
	await databases.close();
	return lines;
}
