import type { Event, EventKind } from "../activity/events.ts";
import { NOT_KEPT } from "../activity/export.ts";
import type { ActivityEventRow } from "../db/tables.ts";
import type { ToldEvent } from "../words/activity.ts";
import type { Words } from "../words/words.ts";
import { EVENT_KINDS } from "./kind-groups.ts";

type DetailOf<K extends EventKind> = Extract<Event, { kind: K }>["detail"];
/** One for every kind of event. */
type Sentences = { [K in EventKind]: (told: ToldEvent<DetailOf<K>>) => string };

/** Names by profile id. */
export type Names = ReadonlyMap<string, string>;

/** An event as people read it. */
export type Told = {
	sentence: string;
	concerns: string | undefined;
	doneBy: string;
	/** The same, where somebody is known to have done it and the sentence does not say so. */
	alsoBy: string | undefined;
};

/** Says what an event tells, with the names that people have now. */
export function tell(event: ActivityEventRow, names: Names, timeZone: string, words: Words): Told {
	const { activity } = words;
	const concerns = event.profile_id === null ? undefined : (names.get(event.profile_id) ?? activity.gone);
	const doneBy = doerOf(event.actor, names, activity);
	const colleague = toldOf(event);
	const about = colleague === undefined ? undefined : (names.get(colleague) ?? activity.gone);
	const told = { whom: concerns, by: doneBy, about, at: event.at, timeZone };
	const said = sentenceOf(event, told, activity);
	const isSomebody = event.actor !== "nobody" && event.actor !== "vestibule";
	const alsoBy = isSomebody && !said.includes(doneBy) ? doneBy : undefined;
	return { sentence: capital(said), concerns, doneBy, alsoBy };
}

/** Whose names an event needs. */
export function namedIn(events: readonly ActivityEventRow[]): string[] {
	const ids = events.flatMap((event) => [event.profile_id, event.actor, toldOf(event)]);
	return [...new Set(ids)].filter((id) => id != null && !Object.hasOwn(NOBODIES, id)) as string[];
}

/** The colleague of whom a message told its reader, by profile id. */
function toldOf({ kind, detail }: ActivityEventRow): string | undefined {
	if (kind !== "message-sent" && kind !== "message-dead") return undefined;
	return /"about":"([^"]+)"/.exec(detail)?.[1];
}

/** Who is no profile. */
const NOBODIES = { operator: "operator", vestibule: "vestibule", nobody: "nobody" } as const;

function doerOf(actor: string, names: Names, activity: Words["activity"]): string {
	return Object.hasOwn(NOBODIES, actor)
		? activity[actor as keyof typeof NOBODIES]
		: (names.get(actor) ?? activity.gone);
}

function sentenceOf(
	{ kind, detail, number }: ActivityEventRow,
	told: Omit<ToldEvent, "detail">,
	activity: Words["activity"],
): string {
	if (kind === NOT_KEPT) return activity.begins(number);
	if (!isKind(kind)) return activity.notKnown(kind);
	const sentences: Sentences = activity.events;
	const say = sentences[kind] as (told: ToldEvent) => string;
	try {
		return say({ ...told, detail: JSON.parse(detail) });
	} catch {
		// Somebody may have changed what is stored; the rest of the page must still be shown.
		return activity.notKnown(kind);
	}
}

function isKind(kind: string): kind is EventKind {
	return (EVENT_KINDS as readonly string[]).includes(kind);
}

function capital(sentence: string): string {
	return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
