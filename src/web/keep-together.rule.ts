/** What a browser would break at its hyphen, or between the halves of a hidden number. */
const ONE_WORD = /2-Step|•••• •••• \d+/g;
/** A tag with its attributes; or an element that holds nothing but text; or text. */
const PARTS = /<(title|textarea|option)\b.*?<\/\1>|<(?:"[^"]*"|[^">])*>|[^<]+/gs;

/**
 * Keeps a name in one line wherever a page shows it. What can be read, copied and found stays as it was.
 *
 * @param html as it was drawn: attributes in double quotes
 */
export function keepTogether(html: string): string {
	if (html.search(ONE_WORD) === -1) return html;
	return html.replaceAll(PARTS, (part) => {
		const isText = !part.startsWith("<") && part.search(ONE_WORD) !== -1;
		// One element around all of it: beside an icon it is still one thing.
		return isText ? `<span>${part.replaceAll(ONE_WORD, '<span class="one-word">$&</span>')}</span>` : part;
	});
}
