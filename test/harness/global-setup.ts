import { CompiledQuery } from "kysely";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { TEMPLATE } from "./database.ts";
import { startPostgres } from "./postgres-server.ts";

/** One PostgreSQL for the whole run, with a migrated database that every test's own is copied from. */
export default async function startPostgresForTheRun(): Promise<() => Promise<void>> {
	const server = await startPostgres();
	const postgres = connect(server.url("postgres"));
	await postgres.executeQuery(CompiledQuery.raw(`create database ${TEMPLATE}`));
	await postgres.destroy();
	const template = connect(server.url(TEMPLATE));
	await migrate(template);
	await template.destroy();
	process.env.TEST_POSTGRES = server.url("postgres");
	return server.stop;
}
