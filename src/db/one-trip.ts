import pg from "pg";

/** Statements that PostgreSQL reads and plans once for each connection, by their text: each has a name there. */
const namesOfPrepared = new Map<string, string>();

/**
 * Has PostgreSQL keep a statement prepared, which costs it less than half. Not one that takes all columns, whatever
 * they are: it would fail from when a later release adds a column until this process ends.
 */
export function keepPrepared(sql: string): void {
	if (sql.includes("*") || namesOfPrepared.has(sql)) return;
	namesOfPrepared.set(sql, `vestibule-${namesOfPrepared.size + 1}`);
}

/** Never prepared: where one is forgotten, by a pooler in between, what follows would go without a transaction. */
const WITHOUT_VALUES = new Set(["begin", "commit", "rollback"]);

type Fields = pg.FieldDef[];

/** What `pg` calls on a query, which its types do not name. */
type Wire = {
	stream: { cork(): void; uncork(): void; destroy(error: unknown): void };
	sync(): void;
	submittedNamedStatements: Record<string, string>;
};
interface Query {
	name: string | undefined;
	text: string;
	queryMode: "extended" | undefined;
	callback: (error: unknown, result?: pg.QueryResult) => void;
	_result: { _types: pg.CustomTypesConfig };
	/** @returns what is wrong with it, where it was not sent */
	submit(wire: Wire): Error | null;
	handleRowDescription(message: { fields: Fields }): void;
	handleDataRow(message: unknown): void;
	handleCommandComplete(message: unknown, wire: Wire): void;
	handleError(error: unknown, wire: Wire): void;
	handleReadyForQuery(wire: Wire): void;
}
const Query = pg.Query as unknown as new (text: string, values?: unknown[]) => Query;

/**
 * A connection that sends all statements of one turn in one go, and is answered in one: for each go the kernel takes
 * as long as for all else of a statement. Where one of them fails PostgreSQL passes over those after it.
 */
export class OneTripClient extends pg.Client {
	#trip: Trip | undefined;
	/** The columns of each prepared statement that was answered once; undefined in it where it gives none. */
	readonly #shapes = new Map<string, Fields | undefined>();

	override query = ((text: string, values: unknown[] = []) => {
		const name = namesOfPrepared.get(text);
		if (this.#trip === undefined) {
			// It may hold several statements, as only the simple protocol takes them.
			if (name === undefined && values.length === 0 && !WITHOUT_VALUES.has(text)) return super.query(text);
			this.#trip = new Trip(this, this.#shapes);
			process.nextTick(() => this.#send());
		}
		return this.#trip.take(name, text, values);
	}) as pg.Client["query"];

	#send(): void {
		const trip = this.#trip;
		this.#trip = undefined;
		if (trip) super.query(trip as unknown as pg.Query);
	}
}

/** What `pg` takes for one query: several statements and one Sync (PostgreSQL 18, 54.2.4). */
class Trip extends Query {
	readonly #types: pg.CustomTypesConfig;
	readonly #shapes: Map<string, Fields | undefined>;
	readonly #statements: Query[] = [];
	/** Those of them whose columns are known, so that PostgreSQL does not tell them. */
	readonly #known = new Set<Query>();
	#answered = 0;

	constructor(types: pg.CustomTypesConfig, shapes: Map<string, Fields | undefined>) {
		super("");
		this.#types = types;
		this.#shapes = shapes;
		this.callback = () => {};
	}

	take(name: string | undefined, text: string, values: unknown[]): Promise<pg.QueryResult> {
		const statement = new Query(text, values);
		statement.name = name;
		statement.queryMode = "extended";
		statement._result._types = this.#types;
		this.#statements.push(statement);
		return new Promise((resolve, reject) => {
			statement.callback = (error, result) => (error ? reject(error) : resolve(result as pg.QueryResult));
		});
	}

	override submit(wire: Wire): null {
		const unsynced: Wire = Object.create(wire, {
			sync: { value: () => {} },
			// So `pg` ends a statement whose values cannot be written.
			close: { value: cannotBeWritten },
		});
		const undescribed: Wire = Object.create(unsynced, { describe: { value: () => {} } });
		wire.stream.cork();
		try {
			for (const statement of this.#statements) {
				const isKnown = statement.name !== undefined && this.#shapes.has(statement.name);
				if (isKnown) this.#known.add(statement);
				const refused = statement.submit(isKnown ? undescribed : unsynced);
				if (refused) throw refused;
			}
			wire.sync();
			wire.stream.uncork();
		} catch (error) {
			// An answer must never be taken for that of another statement.
			wire.stream.destroy(error);
		}
		this.#turn();
		return null;
	}

	/** Names the statement that is answered next: `pg` notes by it what is prepared. */
	#turn(): void {
		const next = this.#statements[this.#answered];
		if (!next) return;
		this.name = next.name;
		this.text = next.text;
		const fields = this.#known.has(next) && next.name ? this.#shapes.get(next.name) : undefined;
		if (fields) next.handleRowDescription({ fields });
	}

	override handleRowDescription(message: { fields: Fields }): void {
		if (this.name) this.#shapes.set(this.name, message.fields);
		this.#statements[this.#answered]?.handleRowDescription(message);
	}

	override handleDataRow(message: unknown): void {
		this.#statements[this.#answered]?.handleDataRow(message);
	}

	override handleCommandComplete(message: unknown, wire: Wire): void {
		if (this.name && !this.#shapes.has(this.name)) this.#shapes.set(this.name, undefined);
		this.#statements[this.#answered]?.handleCommandComplete(message, wire);
		this.#answered++;
		this.#turn();
	}

	/** One failed: nothing of the trip counts. What would have been prepared after it is not. */
	override handleError(error: unknown, wire: Wire): void {
		for (const { name } of this.#statements.slice(this.#answered)) {
			if (name) delete wire.submittedNamedStatements[name];
		}
		for (const statement of this.#statements) statement.handleError(error, wire);
		this.callback(error);
	}

	override handleReadyForQuery(wire: Wire): void {
		if (this.#answered !== this.#statements.length) {
			this.handleError(new Error("PostgreSQL answered other statements than were sent"), wire);
			return;
		}
		for (const statement of this.#statements) statement.handleReadyForQuery(wire);
		this.callback(undefined);
	}
}

function cannotBeWritten(): never {
	throw new Error("A value cannot be written as PostgreSQL takes it");
}
