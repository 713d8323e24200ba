import Bowser from "bowser";

const LONGEST_USER_AGENT = 512;

/** A browser's name for people, as "Safari on iPhone"; empty when it does not say. */
export function browserName(userAgent: string | undefined): string {
	if (!userAgent) return "";
	const { browser, os, platform } = Bowser.parse(userAgent.slice(0, LONGEST_USER_AGENT));
	const device = platform.model === "iPhone" || platform.model === "iPad" ? platform.model : os.name;
	return [browser.name, device].filter(Boolean).join(" on ").slice(0, 60);
}
