/** At least this many characters, counted as a person counts them (NIST SP 800-63B-4, 3.1.1.2). */
const SHORTEST_PASSWORD = 15;
export const LONGEST_PASSWORD = 256;

export type PasswordVerdict =
	| { kind: "fine"; password: string }
	| { kind: "too-short" }
	| { kind: "too-long" }
	/** On the list of common ones, or one of them with numbers around it. */
	| { kind: "common" }
	/** The same few characters again and again, or a row of the keyboard or alphabet. */
	| { kind: "repeated" }
	/** Little more than the names of the clinic or the person, or the email. */
	| { kind: "personal" };

/** What a password must not be made of. */
export type PasswordContext = { clinicName: string; personName: string; email: string };

/** One spelling for what is typed: Unicode NFC (NIST SP 800-63B-4, 3.1.1.2). */
export function normalPassword(text: string): string {
	return text.normalize("NFC");
}

/** Whether a new password may be used. No rules of composition; a short list of what is guessed first. */
export function judgeNewPassword(text: string, context: PasswordContext): PasswordVerdict {
	const password = normalPassword(text);
	const characters = [...password];
	if (characters.length < SHORTEST_PASSWORD) return { kind: "too-short" };
	if (characters.length > LONGEST_PASSWORD) return { kind: "too-long" };
	const plain = letters(password);
	if (isCommon(plain)) return { kind: "common" };
	if (isRepeated(password.toLowerCase()) || isRepeated(plain) || isSequence(plain))
		return { kind: "repeated" };
	if (isPersonal(plain, context)) return { kind: "personal" };
	return { kind: "fine", password };
}

/** What is left of the words when the names are taken out must still be this long. */
const LEAST_OF_ONES_OWN = 8;
const MOST_SEQUENTIAL = 0.7;

const SEQUENCES = [
	"abcdefghijklmnopqrstuvwxyz",
	"01234567890123456789",
	"qwertyuiopasdfghjklzxcvbnm",
	"qwertzuiopasdfghjklyxcvbnm",
	"azertyuiopqsdfghjklmwxcvbn",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm",
	"1q2w3e4r5t6y7u8i9o0p",
];

/** Long passwords that are guessed first: common words doubled, well-known sentences, the examples of guides. */
const COMMON = new Set(
	`password passphrase passwort motdepasse contrasena letmein welcome changeme iloveyou sunshine princess football
	baseball monkey dragon master superman batman starwars trustnoone administrator secret whatever computer internet
	vancouver toronto montreal canada summer winter spring autumn clinic physio medical doctor dentist hospital patient
	correcthorsebatterystaple thequickbrownfoxjumpsoverthelazydog tobeornottobe maytheforcebewithyou opensesame
	pleaseletmein thisismypassword mypasswordis mypassword iloveyouverymuch iloveyousomuch ihatepasswords
	letmeinplease welcometotheclinic passwordpassword onetwothreefourfive nevergonnagiveyouup`
		.split(/\s+/)
		.filter(Boolean),
);

/** Lower case, without accents, spaces and signs; digits that stand for letters stay digits. */
function letters(text: string): string {
	return text
		.normalize("NFKD")
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]/gu, "");
}

function isCommon(plain: string): boolean {
	const words = plain.replace(/^\d+|\d+$/g, "");
	const unleeted = words.replace(/[01345$@7]/g, (sign) => "oieas sat".charAt("01345$@7".indexOf(sign)));
	return [words, unleeted].some((text) => isMadeOf(text, COMMON));
}

/** Whether a text is nothing but common words, one after another. */
function isMadeOf(text: string, words: ReadonlySet<string>): boolean {
	if (text === "") return false;
	const reachable = new Set([0]);
	for (let end = 1; end <= text.length; end++) {
		for (const start of reachable) {
			if (words.has(text.slice(start, end))) {
				reachable.add(end);
				break;
			}
		}
	}
	return reachable.has(text.length);
}

function isRepeated(text: string): boolean {
	return (text !== "" && new Set(text).size <= 4) || /^(.{1,128}?)\1+.{0,6}$/su.test(text);
}

/** Whether most neighbours in it are neighbours on a keyboard, in the alphabet or in counting. */
function isSequence(plain: string): boolean {
	let neighbours = 0;
	for (let index = 0; index + 1 < plain.length; index++) {
		const pair = plain.slice(index, index + 2);
		const reversed = `${pair[1]}${pair[0]}`;
		if (SEQUENCES.some((row) => row.includes(pair) || row.includes(reversed))) neighbours++;
	}
	return plain.length > 1 && neighbours / (plain.length - 1) >= MOST_SEQUENTIAL;
}

function isPersonal(plain: string, { clinicName, personName, email }: PasswordContext): boolean {
	const names = [
		clinicName,
		personName,
		email,
		...`${clinicName} ${personName} ${email}`.split(/[\s@._+-]+/),
	];
	let own = plain;
	for (const name of names.map(letters).sort((a, b) => b.length - a.length)) {
		if (name.length >= 3) own = own.replaceAll(name, "");
	}
	return own !== plain && own.replace(/\d+/g, "").length < LEAST_OF_ONES_OWN;
}
