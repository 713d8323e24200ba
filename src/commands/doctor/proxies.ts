import type { Config } from "../../config.ts";
import { type Finding, fine, wrong } from "./finding.ts";

/** Whether people's own addresses reach the counters: behind a proxy that is not named, all come from one. */
export function checkProxies({ secure, trustedProxies }: Pick<Config, "secure" | "trustedProxies">): Finding {
	if (secure && trustedProxies.length === 0) {
		return wrong(
			"VESTIBULE_URL is https, so a proxy stands in front, but VESTIBULE_TRUSTED_PROXIES names none: all people count as one network. Set it to the proxy's address, 127.0.0.1 where it is on this machine.",
		);
	}
	return fine(
		trustedProxies.length === 0
			? "No proxy is named, and localhost needs none."
			: `Addresses are taken from ${trustedProxies.join(", ")} only.`,
	);
}
