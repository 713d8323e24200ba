import { hours } from "../clock.ts";

export const SET_UP_LIVES_MS = hours(1);
/** Wrong codes a set-up takes, counted apart from sign-in. */
export const SET_UP_TRIES = 5;

/** What every set-up begun and not finished has, whatever the method. */
export type SetUp = {
	/** Becomes the method's id when the set-up is finished, so that what was spent stays spent. */
	setUpId: string;
	/** The person's `doorsVersion` when it began. */
	doorsVersion: number;
	wrongTries: number;
	/** Epoch milliseconds. */
	expiresAt: number;
};

/** Whether a set-up may still be finished: in time, tries left, and nothing changed in how this person gets in. */
export function isLive(setUp: SetUp, doorsVersion: number, now: number): boolean {
	return setUp.doorsVersion === doorsVersion && setUp.wrongTries < SET_UP_TRIES && now < setUp.expiresAt;
}
