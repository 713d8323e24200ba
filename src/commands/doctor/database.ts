import { existsSync } from "node:fs";
import { connect, type Db } from "../../db/connect.ts";
import { readDatabaseFacts } from "../../db/facts.ts";
import { findMissingMigrations } from "../../db/migrate.ts";
import { type Finding, fine, wrong } from "./finding.ts";

const OLDEST_POSTGRES = 15;

/** Opens the database and changes nothing. @returns no `db` where it cannot be used: then nothing else can be asked of it */
export async function openForLooking(url: string): Promise<{ db?: Db; finding: Finding }> {
	const file = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : undefined;
	// Opening it would make it, perhaps as somebody else's.
	if (file !== undefined && !existsSync(file)) {
		return { finding: wrong(`There is no database at ${file} yet. Make it with: vestibule migrate`) };
	}
	let db: Db | undefined;
	try {
		db = connect(url);
		const finding = await look(db);
		if (finding.kind === "fine") return { db, finding };
		await db.destroy();
		return { finding };
	} catch (error) {
		await db?.destroy();
		const text = error instanceof Error ? error.message : String(error);
		return {
			finding: wrong(
				`The database cannot be reached: ${text}. Check DATABASE_URL and that the database runs.`,
			),
		};
	}
}

async function look(db: Db): Promise<Finding> {
	const { engine, version } = await readDatabaseFacts(db);
	const major = version === undefined ? undefined : Math.floor(version / 10_000);
	if (major !== undefined && major < OLDEST_POSTGRES) {
		return wrong(`This is PostgreSQL ${major}. Vestibule needs ${OLDEST_POSTGRES} or later.`);
	}
	const missing = await findMissingMigrations(db);
	if (missing.length > 0) {
		return wrong(`The database has not seen ${missing.join(", ")}. Bring it up to date: vestibule migrate`);
	}
	return fine(`The database answers and is up to date (${[engine, major].filter(Boolean).join(" ")}).`);
}
