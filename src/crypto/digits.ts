import { randomInt } from "node:crypto";

/** A code of `length` ASCII digits (at most 14), each code as likely as any other. */
export function freshDigits(length: number): string {
	return String(randomInt(10 ** length)).padStart(length, "0");
}

/** A code of eight digits as people read it out: in two groups. */
export function inTwoGroups(digits: string): string {
	return `${digits.slice(0, 4)} ${digits.slice(4)}`;
}
