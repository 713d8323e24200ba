/** What a browser would break at its hyphen. */
const ONE_WORD = "2-Step";
/** A tag with its attributes; or an element that holds nothing but text; or text. */
const PARTS = /<(title|textarea|option)\b.*?<\/\1>|<(?:"[^"]*"|[^">])*>|[^<]+/gs;

/**
 * Keeps a name in one line wherever a page shows it. What can be read, copied and found stays as it was.
 *
 * @param html as it was drawn: attributes in double quotes
 */
export function keepTogether(html: string): string {
	if (!html.includes(ONE_WORD)) return html;
	const kept = `<span class="one-word">${ONE_WORD}</span>`;
	return html.replaceAll(PARTS, (part) => {
		const isText = !part.startsWith("<") && part.includes(ONE_WORD);
		// One element around all of it: beside an icon it is still one thing.
		return isText ? `<span>${part.replaceAll(ONE_WORD, kept)}</span>` : part;
	});
}
