import {
	type Dialect,
	DummyDriver,
	Kysely,
	NoResultError,
	PostgresAdapter,
	PostgresIntrospector,
	PostgresQueryCompiler,
	SqliteAdapter,
	SqliteIntrospector,
	SqliteQueryCompiler,
} from "kysely";
import * as acrossClinics from "../../src/db/across-clinics.ts";
import type { Tables } from "../../src/db/tables.ts";

const TABLE = `"?[a-z_]+"?(?: as "?[a-z_]+"?)?`;
const TABLES = new RegExp(
	String.raw`(?<!distinct )(?<!for )(?<!do )\b(?:from|join|using|into|update) (${TABLE}(?:, ${TABLE})*)`,
	"g",
);
const CLINIC = String.raw`(?:"?[a-z_]+"?\.)?"?clinic_id"?`;
const SAME_CLINIC = new RegExp(String.raw`(?<![".a-z_])${CLINIC} = (?:\?|${CLINIC})`, "g");
const THIS_CLINIC = new RegExp(String.raw`(?<![".a-z_])${CLINIC} = \?`);
const PERHAPS_THIS_CLINIC = new RegExp(String.raw`\bor ${CLINIC} =|${CLINIC} = \? or\b`);
const MIGRATION = /^(?:create|alter|drop) |^(?:select name from|insert into) migrations\b/;
const INSERT_OF_ITS_CLINIC = /^insert into "?[a-z_]+"? \([^)]*\bclinic_id\b[^)]*\)/;

/**
 * Whether a statement can reach rows of one clinic only: an insert lists `clinic_id`; everything else compares
 * the `clinic_id` of each table it reads or changes, at least one of them with a value. True also of what touches
 * no table of a clinic (`begin`, the migrations), and of exactly the statements that db/across-clinics.ts makes.
 *
 * @param sql as it was sent to either engine
 */
export function namesItsClinic(sql: string): boolean {
	const statement = normal(sql);
	if (listed.has(statement) || MIGRATION.test(statement)) return true;
	const inserts = statement.startsWith("insert ");
	if (inserts && !INSERT_OF_ITS_CLINIC.test(statement)) return false;
	const conditions = statement.replaceAll(/\bset .*?(?= where |$)/g, "");
	const tables = tablesOf(conditions).length - (inserts ? 1 : 0);
	if (tables === 0) return true;
	const comparisons = conditions.match(SAME_CLINIC)?.length ?? 0;
	return comparisons >= tables && THIS_CLINIC.test(conditions) && !PERHAPS_THIS_CLINIC.test(conditions);
}

function tablesOf(statement: string): string[] {
	const named = [...statement.matchAll(/(?:\bwith|,) "?([a-z_]+)"?(?:\([^)]*\))? as \(/g)].map(
		([, name]) => name,
	);
	return [...statement.matchAll(TABLES)]
		.flatMap(([, list = ""]) => list.split(", "))
		.map((table) => table.replaceAll('"', "").split(" ")[0] ?? "")
		.filter((table) => !named.includes(table));
}

/** One way of writing: lower case, every value a `?`, a list of values one, spaces single. */
function normal(sql: string): string {
	return sql
		.replaceAll(/\$\d+/g, "?")
		.replaceAll(/'(?:[^']|'')*'/g, "?")
		.replaceAll(/\s+/g, " ")
		.replaceAll(/\?(?:, \?)+/g, "?")
		.trim()
		.toLowerCase();
}

const dialects: Dialect[] = [
	{
		createAdapter: () => new SqliteAdapter(),
		createDriver: () => new DummyDriver(),
		createIntrospector: (db) => new SqliteIntrospector(db),
		createQueryCompiler: () => new SqliteQueryCompiler(),
	},
	{
		createAdapter: () => new PostgresAdapter(),
		createDriver: () => new DummyDriver(),
		createIntrospector: (db) => new PostgresIntrospector(db),
		createQueryCompiler: () => new PostgresQueryCompiler(),
	},
];

/** What the closed list really sends, learned by calling each of its functions against a database that only listens. */
async function listedStatements(): Promise<Set<string>> {
	const sent = new Set<string>();
	for (const dialect of dialects) {
		const db = new Kysely<Tables>({ dialect, log: (event) => void sent.add(normal(event.query.sql)) });
		for (const ask of functionsIn(acrossClinics)) {
			try {
				const query = await ask(db, ...Array.from({ length: 9 }, () => "1"));
				if (isQuery(query)) sent.add(normal(query.compile().sql));
			} catch (error) {
				// There is never a row: what was asked has been heard all the same.
				if (!(error instanceof NoResultError)) throw error;
			}
		}
	}
	return sent;
}

function functionsIn(exported: object): ((...given: unknown[]) => unknown)[] {
	return Object.values(exported).flatMap((value) =>
		typeof value === "function" ? [value] : typeof value === "object" && value ? functionsIn(value) : [],
	);
}

function isQuery(value: unknown): value is { compile: () => { sql: string } } {
	return typeof value === "object" && value !== null && "compile" in value;
}

const listed = await listedStatements();
