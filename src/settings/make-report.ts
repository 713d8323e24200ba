import { recordTaken } from "../colleagues/record-taken.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { readReportFacts } from "./report-facts.ts";
import { drawReport } from "./report-pdf.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes the report on the clinic as it is now, and records who took it.
 *
 * @returns the PDF's bytes; undefined for who may not have it any more
 */
export async function makeReport(deps: Deps, visit: SessionVisit): Promise<Uint8Array | undefined> {
	const { clinic, words, origin, now, session } = visit;
	const pdf = await inTurn(async () => {
		const facts = await readReportFacts(deps.db, clinic, now);
		return drawReport({ words, clinic, facts, madeAt: now, madeBy: session.profile, origin });
	});
	const isTaken = await recordTaken(deps, visit, { kind: "security-report-made", detail: { as: "pdf" } });
	return isTaken ? pdf : undefined;
}

/** One report after the other: however many are asked for at once, the memory of a large clinic's is taken once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const turn = last.then(work, work);
	last = turn;
	return turn;
}
