import { existsSync, statSync } from "node:fs";
import type { Config } from "../../config.ts";
import { connect, type Db } from "../../db/connect.ts";
import { readDatabaseFacts } from "../../db/facts.ts";
import { findMissingMigrations } from "../../db/migrate.ts";
import { type Finding, fine, wrong } from "./finding.ts";

const OLDEST_POSTGRES = 15;

const OTHERS = 0o007;
/** Those that `pg` takes for: encrypted, and with nobody else. */
const ENCRYPTED = ["prefer", "require", "verify-ca", "verify-full"];

/** Whether somebody else can read the database where it is kept, or on the way to it. */
export function checkPrivacy({ databaseUrl }: Pick<Config, "databaseUrl">): Finding[] {
	if (databaseUrl.startsWith("sqlite:")) {
		const file = databaseUrl.slice("sqlite:".length);
		const isOpenToOthers = existsSync(file) && (statSync(file).mode & OTHERS) !== 0;
		return isOpenToOthers
			? [wrong(`Everybody on this machine can read ${file}. Run: chmod 600 ${file}*`)]
			: [];
	}
	// A socket's folder may stand in place of the host.
	const { hostname, searchParams } = new URL(databaseUrl.replace("@/", "@localhost/"));
	const isEncrypted =
		ENCRYPTED.includes(searchParams.get("sslmode") ?? "") || searchParams.get("ssl") === "true";
	const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|)$/.test(hostname);
	const isSocket = hostname.startsWith("%2F") || (searchParams.get("host") ?? "").startsWith("/");
	return isEncrypted || isHere || isSocket
		? []
		: [
				wrong(
					`Whoever is between this machine and ${hostname} can read and change the database. Add ?sslmode=verify-full to DATABASE_URL.`,
				),
			];
}

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
