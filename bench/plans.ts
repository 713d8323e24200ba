import { DatabaseSync } from "node:sqlite";
import { connect } from "../src/db/connect.ts";
import { freePort } from "../test/harness/free-port.ts";
import type { Person } from "./clinic-of-many.ts";
import { siteAt } from "./http.ts";
import { signIn } from "./sign-in.ts";
import { environmentOf, HOST } from "./vestibule.ts";

/** What holds one row for a clinic, so that reading by the clinic alone reads one row. */
const ONE_ROW_A_CLINIC = ["clinics", "activity_heads"];

/**
 * Every statement that a whole sign-in sends to SQLite, and those of them that by its own plan read a whole table,
 * or all rows of a clinic. What takes only the first of an order (`limit`) reads no more than it takes.
 */
export async function statementsThatReadAll(
	databaseUrl: string,
	shortName: string,
	person: Person,
): Promise<{ all: number; readAll: string[] }> {
	const sent = await statementsOfSignIn(databaseUrl, shortName, person);
	const database = new DatabaseSync(databaseUrl.slice("sqlite:".length));
	const readAll = sent.filter((statement) => {
		const steps = database.prepare(`explain query plan ${statement}`).all();
		return !/\blimit\b/.test(statement) && steps.some(({ detail }) => readsAll(String(detail)));
	});
	database.close();
	return { all: sent.length, readAll };
}

/** @param detail a line of SQLite's EXPLAIN QUERY PLAN */
function readsAll(detail: string): boolean {
	if (detail.startsWith("SCAN ")) return detail !== "SCAN CONSTANT ROW";
	const [, table = ""] = /^SEARCH (\S+) .*\(clinic_id=\?\)$/.exec(detail) ?? [];
	return table !== "" && !ONE_ROW_A_CLINIC.includes(table);
}

/** The app as it was built, in this process, with the statements it sends written down. */
async function statementsOfSignIn(databaseUrl: string, shortName: string, person: Person): Promise<string[]> {
	const { createApp } = (await import(built("app.js"))) as typeof import("../src/app.ts");
	const { readConfig } = (await import(built("config.js"))) as typeof import("../src/config.ts");
	const port = await freePort();
	const config = readConfig(environmentOf({ databaseUrl, port, clinics: "many" }));
	const sent = new Set<string>();
	const db = connect(databaseUrl, ({ query }) => sent.add(query.sql));
	const app = await createApp({ config, db, clock: Date.now, noWorker: true });
	await app.server.listen({ host: "127.0.0.1", port });
	const site = siteAt(port, `https://${shortName}.${HOST}`);
	await signIn(site, person);
	site.agent.destroy();
	await app.close();
	await db.destroy();
	return [...sent].filter((statement) => /^(select|insert|update|delete|with)\b/.test(statement));
}

function built(file: string): string {
	return new URL(`../dist/${file}`, import.meta.url).href;
}
