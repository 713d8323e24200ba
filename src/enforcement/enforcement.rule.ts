import type { Clinic } from "../clinics/clinic.ts";
import { localDay } from "../clinics/local-time.rule.ts";

/** The clinic's rule, as it stands now. */
export type Enforcement =
	| { kind: "off" }
	/** @property on the day it begins, ISO, in the clinic's time zone */
	| { kind: "scheduled"; on: string }
	| { kind: "in-force"; on: string };

/**
 * The clinic's rule at a moment: it begins at midnight where the clinic is. Nothing of the answer is ever stored;
 * whoever asks, asks again.
 */
export function enforcementOf(clinic: Pick<Clinic, "rule" | "timeZone">, now: number): Enforcement {
	const on = clinic.rule.requiredFromOn;
	if (on === null) return { kind: "off" };
	return localDay(now, clinic.timeZone) < on ? { kind: "scheduled", on } : { kind: "in-force", on };
}
