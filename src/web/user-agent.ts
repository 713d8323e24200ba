import Bowser from "bowser";

const LONGEST_USER_AGENT = 512;

/** What a browser says it runs on, as far as pages care. */
export type System = "ios" | "android" | "macos" | "other";

const SYSTEMS: Readonly<Record<string, System>> = { iOS: "ios", Android: "android", macOS: "macos" };

/**
 * What a browser says of itself. It chooses words and their order, and never what may be done.
 *
 * @returns `name`: for people, as "Safari on iPhone"; empty when it does not say
 */
export function readUserAgent(userAgent: string | undefined): { name: string; system: System } {
	if (!userAgent) return { name: "", system: "other" };
	const { browser, os, platform } = Bowser.parse(userAgent.slice(0, LONGEST_USER_AGENT));
	const device = platform.model === "iPhone" || platform.model === "iPad" ? platform.model : os.name;
	const name = [browser.name, device].filter(Boolean).join(" on ").slice(0, 60);
	return { name, system: SYSTEMS[os.name ?? ""] ?? "other" };
}
