/** What a browser would break at its hyphen, between the halves of a hidden number, or before "pm". */
const ONE_WORD = /2-Step|•••• •••• \d+|\b\d{1,2}:\d\d [ap]m\b/g;
/** Where an email that is too long for its line is broken, rather than within a word. */
const AT = /(?<=[^\s@])@(?=[^\s@])/g;
/** Either of them. */
const KNOWN = new RegExp(`${ONE_WORD.source}|${AT.source}`);
/** A tag with its attributes; or an element that holds nothing but text; or text. */
const PARTS = /<(title|textarea|option)\b.*?<\/\1>|<(?:"[^"]*"|[^">])*>|[^<]+/gs;

/**
 * Keeps a name or a time in one line wherever a page shows it, and the halves of an email whole. What can be read,
 * copied and found stays as it was.
 *
 * @param html as it was drawn: attributes in double quotes
 */
export function keepTogether(html: string): string {
	if (!KNOWN.test(html)) return html;
	return html.replaceAll(PARTS, (part) => {
		if (part.startsWith("<") || !KNOWN.test(part)) return part;
		const kept = part.replaceAll(ONE_WORD, '<span class="one-word">$&</span>').replaceAll(AT, "<wbr>@");
		// One element around all of it: beside an icon it is still one thing.
		return `<span>${kept}</span>`;
	});
}
