import { connect } from "../src/db/connect.ts";
import { migrate } from "../src/db/migrate.ts";
import { measureActivity } from "./activity.ts";
import { hire, makeClinic } from "./clinic-of-many.ts";
import { type Databases, type Engine, openDatabases } from "./databases.ts";
import { measureEnforcement } from "./enforcement.ts";
import { measureGrowth } from "./growth.ts";
import { measurePageSize } from "./page-size.ts";
import type { Line } from "./report.ts";
import { hireForSecondStep, measureSecondStep } from "./second-step.ts";
import { measureSignInCost, staffForSignInCost } from "./sign-in-cost.ts";
import { measureMemoryAfterWork, measureStartUp } from "./start-up.ts";
import { measureTexts } from "./texts.ts";
import { measureUnknownEmail, staffForUnknownEmail } from "./unknown-email.ts";
import { startVestibule } from "./vestibule.ts";

/** What is measured, one after the other; each by itself with `--only`. */
const PARTS = {
	"sign-in": measureSignIn,
	growth: measureGrowth,
	activity: measureActivity,
	enforcement: measureEnforcement,
	texts: measureTexts,
} satisfies Record<string, (databases: Databases, rounds: number) => Promise<Line[]>>;

export type Part = keyof typeof PARTS;
export const parts = Object.keys(PARTS) as Part[];

/** Measures some parts, or all, on one engine. */
export async function measureEngine(engine: Engine, rounds: number, asked: readonly Part[]): Promise<Line[]> {
	const databases = await openDatabases(engine);
	const lines: Line[] = [];
	for (const part of asked) lines.push(...(await PARTS[part](databases, rounds)));
	await databases.close();
	return lines;
}

/** One clinic on one server. Nobody signs in twice in the same time step. */
async function measureSignIn(databases: Databases, rounds: number): Promise<Line[]> {
	const url = await databases.make("clinic");
	const db = connect(url);
	await migrate(db);
	const staff = staffForSignInCost(rounds) + staffForUnknownEmail;
	const people = await hire(db, await makeClinic(db, "harbour"), staff);
	await db.destroy();

	const startUp = await measureStartUp(url);
	const vestibule = await startVestibule(url);
	const lines = [
		...(await measureSignInCost(vestibule, people, rounds)),
		...(await measureUnknownEmail(vestibule.site, people)),
		...(await measurePageSize(vestibule.site)),
		...startUp,
		...(await measureMemoryAfterWork(vestibule)),
	];
	await vestibule.stop();
	return [...lines, ...(await measureSecondSteps(databases, rounds))];
}

/** Eight clinics on one server. */
async function measureSecondSteps(databases: Databases, rounds: number): Promise<Line[]> {
	const url = await databases.make("clinics");
	const db = connect(url);
	await migrate(db);
	const people = await hireForSecondStep(db, rounds);
	await db.destroy();
	const vestibule = await startVestibule(url, { clinics: "many" });
	const other = await databases.make("other");
	const settle = async () => {
		for (const one of [url, other]) await databases.settle(one);
	};
	const lines = await measureSecondStep(vestibule, people, rounds, other, settle);
	await vestibule.stop();
	return lines;
}
