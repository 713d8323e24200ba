/** An email as words make it and `delivery/` sends it. Never holds a password, a code or an authenticator secret. */
export type Email = {
	subject: string;
	/** First the greeting, last which clinic it is about. Plain text. */
	paragraphs: string[];
	/** What to do next, as one button; stands before the last paragraph. `url` is absolute. */
	action?: { label: string; url: string };
};
