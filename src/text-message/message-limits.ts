import { withoutVisit } from "../activity/during.ts";
import type { TextLimit } from "../activity/events.ts";
import { recordEvent } from "../activity/record.ts";
import { readClinic } from "../clinics/store.ts";
import type { Db } from "../db/connect.ts";
import type { Tx } from "../db/transaction.ts";
import { queueEmail } from "../delivery/outbox.ts";
import type { Deps } from "../deps.ts";
import type { LimitName } from "../limits/limits.ts";
import {
	clearTries,
	giveBackTries,
	peekAtTries,
	peekTries,
	takeTries,
	takeTry,
	type Wanted,
} from "../limits/take-try.ts";
import { listFullAccessUsers } from "../profiles/store.ts";
import { wordsFor } from "../words/words.ts";

/** One text message with a code, as its limits see it. */
export type MessageFacts = {
	clinicId: string;
	profileId: string;
	/** E.164. */
	number: string;
	/** `Network.key` of whoever asked for it. */
	network: string;
	purpose: "sign-in" | "set-up";
	/** A known browser of a profile that confirmed this number: nothing a stranger does counts against it. */
	isKnown: boolean;
	/** Staff of the clinic who signed in within 30 days. */
	activeStaff: number;
};

export type MessageVerdict =
	| { kind: "go" }
	/** `until` is epoch milliseconds. `isFirstRefusal` is true once a wait, so that refused tries are one event. */
	| { kind: "limited"; by: TextLimit; until: number; isFirstRefusal: boolean };

/** What each limit is about. */
const ABOUT = {
	textsToNumber: "number",
	textsToNumberADay: "number",
	textsToKnownNumber: "number",
	textsToKnownNumberADay: "number",
	setUpTextsToNumberADay: "number",
	textsToNumbersAlike: "numbers-alike",
	textsOfProfileADay: "profile",
	numbersOfProfileADay: "profile",
	unusedTextsOfClinicADay: "clinic",
	textsOfClinicADay: "ceiling",
	textsOfNetworkADay: "network",
} as const satisfies Partial<Record<LimitName, TextLimit>>;

type MessageLimitName = keyof typeof ABOUT;
type WantedMessage = Wanted & { name: MessageLimitName };

/**
 * Takes a try of every limit that a message has, before it is queued; a refusal takes none of any. When the clinic has
 * had all of its messages, its Full Access users are emailed, once a day. The caller has locked the profile, and
 * commits whatever the outcome.
 *
 * @param now also what `giveBackMessageTries` must be given
 */
export async function takeMessageTries(
	tx: Tx,
	deps: Pick<Deps, "config">,
	m: MessageFacts,
	now: number,
): Promise<MessageVerdict> {
	const verdict = await takeTries(tx, [...unusedLimits(deps, m), ceiling(deps, m)], now);
	if (verdict.kind === "go") return { kind: "go" };
	const { until, isFirstRefusal } = verdict;
	const by = ABOUT[verdict.by];
	if (by === "clinic" || by === "ceiling") await tellOfStop(tx, deps, m.clinicId, { by, until, now });
	return { kind: "limited", by, until, isFirstRefusal };
}

/** What `takeMessageTries` would say, with nothing counted; for the page that shows it. */
export async function peekAtMessageTries(
	db: Db,
	deps: Pick<Deps, "config">,
	m: MessageFacts,
	now: number,
): Promise<{ kind: "go" } | { kind: "limited"; by: TextLimit; until: number }> {
	const standing = await peekAtTries(db, [...unusedLimits(deps, m), ceiling(deps, m)], now);
	return standing.kind === "go"
		? standing
		: { kind: "limited", by: ABOUT[standing.by], until: standing.until };
}

/**
 * Takes back what a message counted, since its code was used; it still counts towards the operator's ceiling. Where a
 * code went out several times, each of its messages is given back.
 *
 * @param m as it was when the message was taken
 * @param sentAt the `now` of that moment
 */
export async function giveBackMessageTries(
	tx: Tx,
	deps: Pick<Deps, "config">,
	m: MessageFacts,
	sentAt: number,
): Promise<void> {
	await giveBackTries(tx, unusedLimits(deps, m), sentAt);
}

/**
 * Forgets the messages of one person, and those to the number they confirmed. What bounds a network, a clinic or numbers
 * alike stays.
 *
 * @param m.number E.164; undefined where text messages are not on
 */
export async function clearMessageTries(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	m: { clinicId: string; profileId: string; number: string | undefined },
): Promise<void> {
	const { clinicId, profileId } = m;
	if (m.number !== undefined) {
		const number = hashed(config, m.number);
		await clearTries(tx, "textsToNumber", { clinicId, key: number });
		await clearTries(tx, "textsToNumberADay", { clinicId, key: number });
		await clearTries(tx, "textsToKnownNumber", { clinicId, key: `${profileId} ${number}` });
		await clearTries(tx, "textsToKnownNumberADay", { clinicId, key: `${profileId} ${number}` });
	}
	await clearTries(tx, "textsOfProfileADay", { clinicId, key: profileId });
	await clearTries(tx, "numbersOfProfileADay", { clinicId, key: profileId });
}

/** The limits that count a message until its code is used. Numbers are keyed hashes: over all clinics there is no other. */
function unusedLimits({ config }: Pick<Deps, "config">, m: MessageFacts): WantedMessage[] {
	const { clinicId, profileId } = m;
	const clinic = { activeStaff: m.activeStaff, ceiling: config.textCeiling };
	const number = hashed(config, m.number);
	const of = (name: MessageLimitName, key: string) => ({ name, clinicId, key, clinic, what: number });

	const toNumber =
		m.purpose === "set-up"
			? // Apart, so that who "sets up" somebody else's number uses up nothing of that person's sign-in.
				[of("setUpTextsToNumberADay", number)]
			: m.isKnown
				? [
						of("textsToKnownNumber", `${profileId} ${number}`),
						of("textsToKnownNumberADay", `${profileId} ${number}`),
					]
				: [of("textsToNumber", number), of("textsToNumberADay", number)];
	if (m.isKnown) return toNumber;
	return [
		...toNumber,
		of("textsToNumbersAlike", hashed(config, m.number.slice(0, -4))),
		of("textsOfProfileADay", profileId),
		of("numbersOfProfileADay", profileId),
		of("unusedTextsOfClinicADay", ONE_KEY),
		of("textsOfNetworkADay", m.network),
	];
}

function ceiling({ config }: Pick<Deps, "config">, { clinicId, activeStaff }: MessageFacts): WantedMessage {
	const clinic = { activeStaff, ceiling: config.textCeiling };
	return { name: "textsOfClinicADay", clinicId, key: ONE_KEY, clinic };
}

/** Of the whole clinic. */
const ONE_KEY = "clinic";

/** Under the oldest key of the ring: a new one resets no counter. */
function hashed({ keyring }: Deps["config"], number: string): string {
	return keyring.keyedHash("number", number, keyring.oldestId);
}

/** Whether a clinic has had all its messages within the last day, as its Full Access users were told. */
export async function findStop(
	db: Db,
	clinicId: string,
	now: number,
): Promise<"clinic" | "ceiling" | undefined> {
	for (const by of ["ceiling", "clinic"] as const) {
		const told = await peekTries(db, "textsStoppedEmailADay", { clinicId, key: by }, now);
		if (told.kind !== "go") return by;
	}
	return undefined;
}

async function tellOfStop(
	tx: Tx,
	{ config }: Pick<Deps, "config">,
	clinicId: string,
	stop: { by: "clinic" | "ceiling"; until: number; now: number },
): Promise<void> {
	const { by, until, now } = stop;
	const mayTell = await takeTry(tx, "textsStoppedEmailADay", { clinicId, key: by }, now);
	if (mayTell.kind !== "go") return;
	const { name: clinicName, timeZone } = await readClinic(tx, clinicId);
	const { keyring, supportEmail } = config;
	for (const { profileId, name, email, language } of await listFullAccessUsers(tx, clinicId)) {
		const news = { clinicName, personName: name, timeZone, when: now, by, until, supportEmail };
		await queueEmail(tx, keyring, {
			clinicId,
			profileId,
			to: email,
			kind: "text-messages-stopped",
			email: wordsFor(language).emails.textMessagesStopped(news),
			now,
		});
	}
	await recordEvent(tx, keyring, {
		...withoutVisit("vestibule", clinicId, now),
		kind: "text-messages-stopped",
		detail: { by, until },
	});
}
