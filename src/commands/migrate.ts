import { parseArgs } from "node:util";
import { readConfig } from "../config.ts";
import { connect } from "../db/connect.ts";
import { migrate } from "../db/migrate.ts";

const HELP = `vestibule migrate
  Brings the database up to this version. \`vestibule serve\` does it by itself when it starts.`;

export async function migrateCommand(args: string[]): Promise<number> {
	const { values } = parseArgs({ args, options: { help: { type: "boolean", default: false } } });
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	const db = connect(readConfig(process.env).databaseUrl);
	const applied = await migrate(db);
	console.log(applied.length === 0 ? "The database is up to date." : applied.join("\n"));
	await db.destroy();
	return 0;
}
