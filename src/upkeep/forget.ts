import { setImmediate as nextTurn } from "node:timers/promises";
import { deleteStepsBefore, endSetUps as endAppSetUps } from "../authenticator-app/store.ts";
import { FORGET_AFTER_STEPS, timeStepAt } from "../authenticator-app/time-step.rule.ts";
import { NETWORK_SEEN_FOR_MS } from "../browsers/network.rule.ts";
import {
	deleteBrowsersKnownBefore,
	deleteNetworksSeenBefore,
	deleteTrustOver,
	KNOWN_FOR_MS,
} from "../browsers/store.ts";
import { eachClinic } from "../clinics/store.ts";
import { days, hours } from "../clock.ts";
import { acrossClinics, listClinicsWithExpiredCodes } from "../db/across-clinics.ts";
import type { Db } from "../db/connect.ts";
import { inTransaction, type Tx } from "../db/transaction.ts";
import { deleteMessagesEndedBefore } from "../delivery/store.ts";
import type { Deps } from "../deps.ts";
import { deleteEmailChangesExpiredBefore } from "../email-change/store.ts";
import { EMAILED_CODE_KEPT_MS } from "../emailed-code/code-life.rule.ts";
import { deleteCodesExpiredBefore as deleteEmailedCodesExpiredBefore } from "../emailed-code/store.ts";
import { deleteMailingsEndedBefore } from "../enforcement/store.ts";
import { deleteExpiredTries } from "../limits/store.ts";
import { deleteNotMeLinksExpiredBefore } from "../not-me/store.ts";
import { deleteLinksExpiredBefore } from "../passwords/store.ts";
import { emptyExpiredCodes } from "../recovery-code/store.ts";
import { liveAfter } from "../sessions/lifetime.rule.ts";
import { deleteSessionsOver } from "../sessions/store.ts";
import { deleteExpiredSignIns } from "../sign-in/store.ts";
import { deleteTemporaryCodesExpiredBefore } from "../temporary-code/store.ts";
import { forgetConversion } from "../text-message/conversion.ts";
import { deleteCodesExpiredBefore, endSetUps as endTextSetUps } from "../text-message/store.ts";

/** For so long the page of a link that ran out can still say what it was. */
const LINKS_KEPT_MS = days(30);
/** For so long a texted code can still be told from a wrong one: as long as the sign-in it belongs to. */
const CODES_KEPT_MS = hours(1);
/** For so long a carrier may still report of a message, and the operator may look when it left. */
const SENT_KEPT_MS = days(7);
/** For so long the operator can see what was given up, to whom it was and why. */
const DEAD_KEPT_MS = days(90);
/** A browser counts as known no longer before its row goes: with a clock that was wrong it may be known again. */
const BROWSERS_KEPT_MS = KNOWN_FOR_MS + days(30);
/** For so long the operator can see how many heard of a rule; nobody else asks. */
const MAILINGS_KEPT_MS = days(90);
const CLINICS_AT_ONCE = 100;
/** So few that nobody waits for it: the rows of a batch are locked until all of it is deleted. */
const ROWS_AT_ONCE = 500;

type Needs = Pick<Deps, "db" | "clock">;

/** Empties every Recovery Code that could be read for as long as it may; only its hash remains. */
export async function forgetShownCodes({ db, clock }: Needs): Promise<void> {
	for (;;) {
		const now = clock();
		const clinics = await listClinicsWithExpiredCodes(db, now, CLINICS_AT_ONCE);
		for (const clinicId of clinics) await inTransaction(db, (tx) => emptyExpiredCodes(tx, clinicId, now));
		if (clinics.length < CLINICS_AT_ONCE) return;
	}
}

/**
 * Deletes what is over and opens nothing any more: tries, sign-ins, sessions, set-ups, links long run out, spent time
 * steps, browsers no longer known, and messages that have ended. What they were is in the activity.
 */
export async function forgetWhatIsOver({ db, clock }: Needs): Promise<void> {
	await inTransaction(db, (tx) => acrossClinics.deleteExpiredTries(tx, clock()));
	await inTransaction(db, (tx) => forgetConversion(tx, clock()));
	for await (const clinic of eachClinic(db)) {
		const { clinicId } = clinic;
		const now = clock();
		// By itself: those of the second step are written last of all, when others hold what is deleted below.
		await inTransaction(db, (tx) => deleteExpiredTries(tx, clinicId, now));
		await inTransaction(db, async (tx) => {
			await deleteExpiredSignIns(tx, clinicId, now);
			await deleteSessionsOver(tx, clinicId, liveAfter(clinic, now));
			await deleteTrustOver(tx, clinicId, now);
			await deleteNetworksSeenBefore(tx, clinicId, now - NETWORK_SEEN_FOR_MS);
			await endAppSetUps(tx, clinicId, { expiredAt: now });
			await deleteStepsBefore(tx, clinicId, timeStepAt(now) - FORGET_AFTER_STEPS);
			await endTextSetUps(tx, clinicId, { expiredAt: now });
			await deleteCodesExpiredBefore(tx, clinicId, now - CODES_KEPT_MS);
			await deleteEmailedCodesExpiredBefore(tx, clinicId, now - EMAILED_CODE_KEPT_MS);
			await deleteLinksExpiredBefore(tx, clinicId, now - LINKS_KEPT_MS);
			await deleteNotMeLinksExpiredBefore(tx, clinicId, now - LINKS_KEPT_MS);
			await deleteEmailChangesExpiredBefore(tx, clinicId, now - LINKS_KEPT_MS);
			await deleteTemporaryCodesExpiredBefore(tx, clinicId, now);
			await deleteMailingsEndedBefore(tx, clinicId, now - MAILINGS_KEPT_MS);
		});
		await inBatches(db, (tx, atMost) =>
			deleteBrowsersKnownBefore(tx, clinicId, { before: now - BROWSERS_KEPT_MS, atMost }),
		);
		for (const { state, keptMs } of ENDED_MESSAGES) {
			await inBatches(db, (tx, atMost) =>
				deleteMessagesEndedBefore(tx, clinicId, { state, before: now - keptMs, atMost }),
			);
		}
	}
}

const ENDED_MESSAGES = [
	{ state: "sent", keptMs: SENT_KEPT_MS },
	{ state: "dead", keptMs: DEAD_KEPT_MS },
] as const;

/** Deletes a batch a transaction until one is not full, and lets others have their turn in between. */
async function inBatches(db: Db, deleteSome: (tx: Tx, atMost: number) => Promise<number>): Promise<void> {
	for (;;) {
		const deleted = await inTransaction(db, (tx) => deleteSome(tx, ROWS_AT_ONCE));
		if (deleted < ROWS_AT_ONCE) return;
		await nextTurn();
	}
}
