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

/** What `pg` calls on a query, which its types do not name. */
type Wire = {
	stream: { writable: boolean; write(messages: Buffer): void; destroy(error: unknown): void };
	sync(): void;
	submittedNamedStatements: Record<string, string>;
};

/** How `pg` reads the rows of a statement: its columns, and what it makes of them once they are described. */
type Shape = { fields: pg.FieldDef[]; _parsers: unknown; _prebuiltEmptyResultObject: unknown };

interface Query {
	name: string | undefined;
	text: string;
	queryMode: "extended" | undefined;
	callback: (error: unknown, result?: pg.QueryResult) => void;
	/** Whether the rows are kept. */
	_accumulateRows: boolean;
	_result: Shape & { _types: pg.CustomTypesConfig };
	/** @returns what is wrong with it, where it was not sent */
	submit(wire: Wire): Error | null;
	handleRowDescription(message: { fields: pg.FieldDef[] }): void;
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
	/** The rows of each prepared statement that was answered once; undefined in it where it gives none. */
	readonly #shapes = new Map<string, Shape | undefined>();

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

/** What `pg` writes statements to in place of their connection, which they reach together. */
type Envelope = {
	/** Takes statements without a Sync after each. */
	unsynced: Wire;
	/** The same, of those whose columns are known, so that PostgreSQL does not tell them. */
	undescribed: Wire;
	/** Ends with a Sync, and is empty then. */
	send: () => void;
};

/** One for each connection: what is made anew each time, V8 reads slowly. */
const envelopes = new WeakMap<Wire, Envelope>();

function newEnvelope(wire: Wire): Envelope {
	const messages: Buffer[] = [];
	const stream = { writable: true, write: (message: Buffer) => messages.push(message) };
	const gathering: Wire = Object.create(wire, { stream: { value: stream } });
	const unsynced: Wire = Object.create(gathering, {
		sync: { value: () => {} },
		// So `pg` ends a statement whose values cannot be written.
		close: { value: cannotBeWritten },
	});
	const envelope: Envelope = {
		unsynced,
		undescribed: Object.create(unsynced, { describe: { value: () => {} } }),
		send() {
			gathering.sync();
			const all = Buffer.concat(messages.splice(0));
			if (wire.stream.writable) wire.stream.write(all);
		},
	};
	envelopes.set(wire, envelope);
	return envelope;
}

/** What `pg` takes for one query: several statements and one Sync (PostgreSQL 18, 54.2.4). */
class Trip extends Query {
	readonly #types: pg.CustomTypesConfig;
	readonly #shapes: Map<string, Shape | undefined>;
	readonly #statements: Query[] = [];
	/** Those of them whose rows are known. */
	readonly #known = new Set<Query>();
	#answered = 0;

	constructor(types: pg.CustomTypesConfig, shapes: Map<string, Shape | undefined>) {
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
		const { unsynced, undescribed, send } = envelopes.get(wire) ?? newEnvelope(wire);
		try {
			for (const statement of this.#statements) {
				const isKnown = statement.name !== undefined && this.#shapes.has(statement.name);
				if (isKnown) this.#known.add(statement);
				const refused = statement.submit(isKnown ? undescribed : unsynced);
				if (refused) throw refused;
			}
			send();
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
		const shape = this.#known.has(next) && next.name ? this.#shapes.get(next.name) : undefined;
		if (!shape) return;
		Object.assign(next._result, shape);
		next._accumulateRows = true;
	}

	override handleRowDescription(message: { fields: pg.FieldDef[] }): void {
		const statement = this.#statements[this.#answered];
		if (!statement) return;
		statement.handleRowDescription(message);
		const { fields, _parsers, _prebuiltEmptyResultObject } = statement._result;
		if (this.name) this.#shapes.set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
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
