import { paths } from "../src/paths.ts";
import type { Person } from "./clinic-of-many.ts";
import { expectStatus, type Site, Visitor } from "./http.ts";
import { atMost, type Line } from "./report.ts";
import { median, withSpread } from "./statistics.ts";

const MOST_PERCENT = 5;
const PAIRS = 200;
const WARM_UP = 20;
const WRONG = "a lantern that nobody lit";

export const staffForUnknownEmail = PAIRS + WARM_UP;

/**
 * Whether an answer's time tells an email that nobody has from one with a wrong password: pairs of both, one right
 * after the other, each first in every second pair.
 */
export async function measureUnknownEmail(site: Site, people: Person[]): Promise<Line[]> {
	const known: number[] = [];
	const unknown: number[] = [];
	for (const [pair, { email }] of people.splice(0, staffForUnknownEmail).entries()) {
		const tries = [
			{ email, into: known },
			{ email: email.replace("person", "nobody"), into: unknown },
		];
		for (const { email, into } of pair % 2 === 0 ? tries : tries.toReversed()) {
			const visitor = new Visitor(site);
			const startedAt = performance.now();
			const reply = await visitor.post(paths.signIn, { email, password: WRONG });
			const took = performance.now() - startedAt;
			expectStatus(reply, 422, "A wrong password");
			if (pair >= WARM_UP) into.push(took);
		}
	}
	const percent = (100 * Math.abs(median(known) - median(unknown))) / median(known);
	const measured = `${percent.toFixed(1)} %: unknown ${withSpread(unknown, " ms", 1)}, known ${withSpread(known, " ms", 1)}`;
	const what = `unknown email or wrong password, medians of ${PAIRS} pairs apart`;
	return [atMost(what, MOST_PERCENT, " %", percent, measured)];
}
