import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { connect } from "./connect.ts";
import { migrate } from "./migrate.ts";

test("what SQLite makes on the disk is for its owner alone", async () => {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-connect-"));
	const before = process.umask();
	const file = join(folder, "vestibule.db");
	const db = connect(`sqlite:${file}`);
	await migrate(db);
	for (const each of [file, `${file}-wal`, `${file}-shm`]) {
		expect((statSync(each).mode & 0o777).toString(8), each).toBe("600");
	}
	expect(process.umask()).toBe(before);
	await db.destroy();
	rmSync(folder, { recursive: true });
});
