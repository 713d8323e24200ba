import type { Deps } from "../deps.ts";
import { countWhoHasItOn, listWithoutMethod, type WithoutMethod } from "../enforcement/store.ts";
import { useWords } from "../web/page-frame.tsx";

/** So many are named; the rest are counted, and stand in the whole list. */
const MOST_NAMED = 3;

/** Where a clinic stands: how many staff have it on, and the first few who have not. */
export type Standing = { active: number; on: number; without: readonly WithoutMethod[] };

export async function readStanding({ db }: Pick<Deps, "db">, clinicId: string): Promise<Standing> {
	const counted = await countWhoHasItOn(db, clinicId);
	return { ...counted, without: await listWithoutMethod(db, clinicId, { atMost: MOST_NAMED }) };
}

/** How many have not, besides those who are named. */
export function moreWithout({ active, on, without }: Standing): number {
	return Math.max(0, active - on - without.length);
}

/** "9 of 12 staff have it on", and the same as a bar. */
export function HowManyHaveItOn({ active, on }: Pick<Standing, "active" | "on">) {
	const { security } = useWords();
	return (
		<div class="how-many">
			<p>
				<strong>{security.whoHasIt(on, active)}</strong> {security.staffHaveItOn}
			</p>
			<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
				<rect width={active === 0 ? 0 : (100 * on) / active} height="1" />
			</svg>
		</div>
	);
}
