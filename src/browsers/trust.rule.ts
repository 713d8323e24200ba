import { days } from "../clock.ts";

/** A browser skips the second step for so long from trusting it; use does not extend it. */
export const TRUSTED_FOR_MS = days(30);

/** What was given when a browser was trusted. */
type Trust = { trustVersion: number; endsAt: number };

/** Whether trust still holds: in time, and the clinic has not forgotten all of it since. */
export function isTrustLive(trust: Trust, clinicTrustVersion: number, now: number): boolean {
	return trust.trustVersion === clinicTrustVersion && now < trust.endsAt;
}
