import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { readReportFacts } from "./report-facts.ts";
import { drawReport } from "./report-pdf.ts";

let last: Promise<unknown> = Promise.resolve();

/** Makes the report on the clinic as it is now, and records who took it. @returns the PDF's bytes */
export async function makeReport(deps: Deps, visit: SessionVisit): Promise<Uint8Array> {
	const { clinic, words, origin, now, session } = visit;
	const pdf = await inTurn(async () => {
		const facts = await readReportFacts(deps.db, clinic, now);
		return drawReport({ words, clinic, facts, madeAt: now, madeBy: session.profile, origin });
	});
	await inTransaction(deps.db, (tx) =>
		recordEvent(tx, deps.config.keyring, {
			...during(visit, undefined, session.profile.profileId),
			kind: "security-report-made",
			detail: { as: "pdf" },
		}),
	);
	return pdf;
}

/** One report after the other: however many are asked for at once, the memory of a large clinic's is taken once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const turn = last.then(work, work);
	last = turn;
	return turn;
}
