import Bowser from "bowser";

const LONGEST_USER_AGENT = 512;
/** Most people use one of a few browsers, and what they say is slow to read. */
const MOST_REMEMBERED = 200;

/** What a browser says it runs on, as far as pages care. */
export type System = "ios" | "android" | "macos" | "other";

/** Of a browser that it does not know, the parser takes over what it says: anybody's own words. */
const BROWSERS: ReadonlySet<string | undefined> = new Set(Object.values(Bowser.BROWSER_MAP));

const SYSTEMS: Readonly<Record<string, System>> = { iOS: "ios", Android: "android", macOS: "macos" };

type UserAgent = { name: string; system: System };

const remembered = new Map<string, UserAgent>();

/**
 * What a browser says of itself. It chooses words and their order, and never what may be done.
 *
 * @returns `name`: for people, as "Safari on iPhone"; empty when it does not say
 */
export function readUserAgent(userAgent: string | undefined): UserAgent {
	if (!userAgent) return { name: "", system: "other" };
	const said = userAgent.slice(0, LONGEST_USER_AGENT);
	const known = remembered.get(said);
	if (known) return known;
	if (remembered.size >= MOST_REMEMBERED) remembered.clear();
	const read = parse(said);
	remembered.set(said, read);
	return read;
}

function parse(said: string): UserAgent {
	const { browser, os, platform } = Bowser.parse(said);
	const device = platform.model === "iPhone" || platform.model === "iPad" ? platform.model : os.name;
	// The name stands in emails and in the activity: nobody has it say what they like.
	const browserName = BROWSERS.has(browser.name) ? browser.name : undefined;
	const name = [browserName, device].filter(Boolean).join(" on ").slice(0, 60);
	return { name, system: SYSTEMS[os.name ?? ""] ?? "other" };
}
