import type { Email } from "../words/email.ts";

/** An email as plain text, its code and its address on a line of their own. */
export function emailText({ paragraphs, code, action }: Email): string {
	const parts = paragraphs.slice(0, -1);
	if (code) parts.splice(1, 0, code);
	if (action) parts.push(`${action.label}:\n${action.url}`);
	return [...parts, ...paragraphs.slice(-1)].join("\n\n");
}
