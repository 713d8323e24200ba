/** What a browser would break at a hyphen, between the halves of a hidden number, or before "pm". */
const ONE_WORD =
	/2-Step|\b(?:[Ss]ign-in|[Ss]et-up|time-based)|\b\d{4}-\d\d-\d\d\b|•••• •••• \d+|\b\d{1,2}:\d\d [ap]m\b/g;
/** One word too, with the mark behind it; but for one that is too long for a line: that is broken before its @. */
const EMAIL = /([^\s@&<>“”(),;:]+)(@[^\s@&<>“”(),;:]*[^\s@&<>“”(),;:.?!][”),;:.?!]*)/g;
/** What none of them is without. */
const KNOWN = new RegExp(`${ONE_WORD.source}|@`);
/** A tag with its attributes; or an element that holds nothing but text; or text. */
const PARTS = /<(title|textarea|option)\b.*?<\/\1>|<(?:"[^"]*"|[^">])*>|[^<]+/gs;

/**
 * Keeps a name, a time or an email in one line wherever a page shows it. What can be read, copied and found stays as
 * it was.
 *
 * @param html as it was drawn: attributes in double quotes
 */
export function keepTogether(html: string): string {
	if (!KNOWN.test(html)) return html;
	return html.replaceAll(PARTS, (part) => {
		if (part.startsWith("<") || !KNOWN.test(part)) return part;
		const kept = part
			.replaceAll(EMAIL, '<span class="email">$1<wbr>$2</span>')
			.replaceAll(ONE_WORD, '<span class="one-word">$&</span>');
		// One element around all of it: beside an icon it is still one thing.
		return `<span>${kept}</span>`;
	});
}
