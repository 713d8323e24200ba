import fc from "fast-check";

const words = (text: string) => fc.constantFrom(...text.split(" "));
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 8 });

/** What a number, a name, an address or an id looks like that is none, or another. */
const almostRight = words(
	"0 -1 1e309 NaN null undefined true 000000 123456 １２３４５６ __proto__ constructor authenticator-app text-message keep " +
		"avery@harbour.example AVERY@Harbour.example nobody@harbour.example a@b @ /account //evil.example ../../x " +
		"00000000-0000-7000-8000-000000000000 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
);
const breaksParsers = fc.constantFrom(
	...["", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "💥", "e\u0301", "\u202e", "\r\nset-cookie: a=b"],
	...["a@b\r\nbcc: c@d", "é".repeat(200), "💥".repeat(3000), "A".repeat(5000)],
);
const meansSomethingElsewhere = fc.constantFrom(
	...[
		"<hostile>",
		'"><hostile a="',
		"</script><hostile>",
		"' or 1=1 --",
		"{{7*7}}",
		"%",
		"%00",
		"%zz",
		"%e0%a4",
	],
);

/** Texts that have broken something somewhere. None of them holds a word that only an error of an engine would. */
export const hostileText = fc.oneof(
	...[almostRight, breaksParsers, meansSomethingElsewhere, fc.string({ maxLength: 12 }), anyText],
);

export const hostileFieldName = fc.oneof(
	words("form-token email password new-password code recovery-code return notice to"),
	words("__proto__ constructor prototype hasOwnProperty a[] a[b][c] email[] %"),
	fc.constantFrom("", "\0"),
	fc.string({ maxLength: 6 }),
);

/** What HTTP lets a header hold: visible ASCII, blanks and bytes above. */
const visible = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f);
const headerText = fc.oneof(
	words(", ; = * null undefined q=9 en;q=x,*;q=2 %00"),
	fc.constantFrom("", "a".repeat(3000), "é".repeat(50)),
	fc.string({ unit: visible.map((code) => String.fromCharCode(code)) }),
);
const or = (arbitrary: fc.Arbitrary<string>) => fc.oneof(arbitrary, headerText);
const named = (names: fc.Arbitrary<string>, text: fc.Arbitrary<string>) => fc.tuple(names, text);

export const hostileHost = or(
	words(
		"LOCALHOST localhost:99999 [::1]:80 a:b:c evil.example .. %00 xn-- localhost. @ harbour.evil.example",
	),
);

/** A header that browsers do not send like that. */
export const hostileHeader = fc.oneof(
	named(words("host"), hostileHost),
	named(words("x-forwarded-for"), or(fc.oneof(words(":: 1.2.3.4:5 [::1]:5 1,x"), fc.ipV4(), fc.ipV6()))),
	named(words("sec-fetch-site"), or(words("none same-site cross-site SAME-ORIGIN"))),
	named(words("origin"), or(words("null https://evil.example"))),
	named(
		words(
			"accept accept-encoding accept-language authorization forwarded if-none-match range referer te upgrade " +
				"user-agent x-forwarded-host x-forwarded-proto x-http-method-override",
		),
		headerText,
	),
);

export const hostileContentType = or(
	fc.constantFrom(
		...["application/json", "multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "a/b; c"],
		...["application/x-www-form-urlencoded; charset=utf-7", "APPLICATION/X-WWW-FORM-URLENCODED"],
	),
);
