import type { Email } from "../words/email.ts";

/** An email as plain text, its address on a line of its own. */
export function emailText({ paragraphs, action }: Email): string {
	const parts = paragraphs.slice(0, -1);
	if (action) parts.push(`${action.label}:\n${action.url}`);
	return [...parts, ...paragraphs.slice(-1)].join("\n\n");
}
