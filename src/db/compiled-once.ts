import {
	type CompiledQuery,
	type Expression,
	NoResultError,
	type QueryNode,
	type QueryResult,
	ValueNode,
} from "kysely";
import { type Db, isPostgres, send } from "./connect.ts";
import { keepPrepared } from "./one-trip.ts";
import { keepForTheEnd, type Tx } from "./transaction.ts";

/** The values of a statement while it is built: they have names, and come when it is run. */
export type Given<Values> = { readonly [Name in keyof Values]: Expression<Values[Name]> };

/** A statement that is kept compiled, to be run with values for its names: in a transaction where it is built with one. */
export type Statement<In extends Db, Values, Row> = {
	all: (db: In, values: Values) => Promise<Row[]>;
	first: (db: In, values: Values) => Promise<Row | undefined>;
	/** @throws where there is no row */
	one: (db: In, values: Values) => Promise<Row>;
	/** @returns how many rows it inserted, changed or deleted */
	write: (db: In, values: Values) => Promise<number>;
	/**
	 * Writes what nothing in the transaction waits for: on PostgreSQL it travels with what is sent next, or with the
	 * commit. Where it fails PostgreSQL commits nothing, and `inTransaction` throws what it says.
	 */
	writeAhead: (tx: Tx, values: Values) => Promise<void>;
};

/**
 * Keeps a statement of every sign-in compiled from its first run on: to build and compile one takes longer than to
 * run it.
 *
 * @param build gets names in place of values, so that what it builds cannot depend on a value
 */
export function compiledOnce<Values extends object, Row, In extends Db = Db>(
	build: (db: In, given: Given<Values>) => { compile(): CompiledQuery<Row> },
): Statement<In, Values, Row> {
	const kept: { sqlite?: CompiledQuery<Row>; postgres?: CompiledQuery<Row> } = {};

	function compiled(db: In, values: Values): CompiledQuery<Row> {
		const engine = isPostgres(db) ? "postgres" : "sqlite";
		const known = kept[engine];
		if (known) return known;
		const fresh = build(db, named(values)).compile();
		kept[engine] = fresh;
		if (engine === "postgres") keepPrepared(fresh.sql);
		return fresh;
	}

	async function run(db: In, values: Values): Promise<QueryResult<Row>> {
		const { parameters, ...statement } = compiled(db, values);
		return send(db, { ...statement, parameters: parameters.map((one) => filled(one, values)) });
	}

	return {
		all: async (db, values) => (await run(db, values)).rows,
		first: async (db, values) => (await run(db, values)).rows[0],
		async one(db, values) {
			const [row] = (await run(db, values)).rows;
			if (row === undefined) throw new NoResultError(compiled(db, values).query as QueryNode);
			return row;
		},
		write: async (db, values) => Number((await run(db, values)).numAffectedRows),
		writeAhead: (tx, values) => keepForTheEnd(tx, run(tx as Db as In, values)),
	};
}

/** Stands in a statement where a value will be. */
class Named {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}

	get expressionType() {
		return undefined;
	}

	toOperationNode() {
		return ValueNode.create(this);
	}
}

function named<Values extends object>(values: Values): Given<Values> {
	const names = Object.keys(values).map((name) => [name, new Named(name)]);
	return Object.fromEntries(names);
}

function filled<Values extends object>(parameter: unknown, values: Values): unknown {
	if (!(parameter instanceof Named)) return parameter;
	const value = values[parameter.name as keyof Values];
	if (value === undefined) throw new Error(`The statement needs a value for ${parameter.name}`);
	return value;
}
