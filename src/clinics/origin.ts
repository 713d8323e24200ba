import type { Config } from "../config.ts";

/** Where a clinic is reached: `https://…`, no slash at the end. Built from `VESTIBULE_URL`, never from a request. */
export function clinicOrigin(config: Pick<Config, "clinics" | "url">, shortName: string): string {
	if (config.clinics === "one") return config.url.origin;
	return `${config.url.protocol}//${shortName}.${config.url.host}`;
}
