import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder for a database: in memory where `TEST_FOLDER` names such a place, else on the disk. */
export function databaseFolder(name: string): string {
	return mkdtempSync(join(process.env.TEST_FOLDER ?? tmpdir(), `vestibule-${name}-`));
}
