import { z } from "zod";
import { isOneLine } from "./one-line.rule.ts";

/** What a name may be, at most, in characters. */
const LONGEST_NAME = 100;

const EMAIL = z.string().max(254).pipe(z.email());

/** What a person may be called: one line that can be read. @returns it in NFC, without spaces around it */
export function readName(typed: string): string | undefined {
	const name = typed.normalize("NFC").trim();
	return isOneLine(name) && [...name].length <= LONGEST_NAME ? name : undefined;
}

/** An email as typed. @returns it without spaces around it; undefined where nothing can be sent there */
export function readEmail(typed: string): string | undefined {
	const read = EMAIL.safeParse(typed.trim());
	return read.success ? read.data : undefined;
}
