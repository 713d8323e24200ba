/** A stretch of text, or an address of this site that may be clicked. */
type Stretch = { kind: "text" | "link"; text: string };

/** An address, without the punctuation that ends a sentence after it. */
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/;

/**
 * Takes a text apart where addresses of this very site stand in it. Any other address stays text.
 *
 * @param origin as `https://sign-in.harbour.example`
 */
export function withOwnLinks(text: string, origin: string): Stretch[] {
	return text
		.split(ADDRESS)
		.filter((part) => part !== "")
		.map((part) => ({ kind: isOwn(part, origin) ? "link" : "text", text: part }));
}

function isOwn(part: string, origin: string): boolean {
	return ADDRESS.test(part) && URL.parse(part)?.origin === origin;
}
