import { METHODS } from "node:http";
import fc from "fast-check";
import { hostileContentType, hostileFieldName, hostileHeader, hostileText } from "./hostile-words.ts";

type Pairs = [name: string, value: string][];
/** What one field of a form is made into. */
export type Treatment = "right" | "missing" | "doubled" | "listed" | { text: string };

/**
 * A request as somebody could make it up: of a real form, filled in more or less right, or of nothing in
 * particular. It names things by number and word only, so that it prints as what it is.
 */
export type HostileRequest = {
	method: string;
	to: { form: number } | { route: number; parts: string } | { address: string };
	query: Pairs;
	/** Of the form's fields, in turn. */
	treatments: Treatment[];
	extraFields: Pairs;
	body: "form" | "none" | "cut" | "binary" | "huge";
	contentType: string | undefined;
	cookies: "own" | "none" | "garbage" | "doubled" | "swapped" | "everybody's";
	headers: Record<string, string>;
};

type Usually = <T>(usual: T, weight: number, otherwise: fc.Arbitrary<T>) => fc.Arbitrary<T>;
const usually: Usually = (usual, weight, otherwise) =>
	fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: otherwise });
const pairs = fc.array(fc.tuple(hostileFieldName, hostileText), { maxLength: 5 });
const otherMethods = METHODS.filter((method) => !["GET", "POST", "CONNECT"].includes(method));

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.record({
	method: fc.oneof(
		{ weight: 10, arbitrary: fc.constant("POST") },
		{ weight: 7, arbitrary: fc.constant("GET") },
		{ weight: 2, arbitrary: fc.constantFrom(...otherMethods) },
	),
	to: fc.oneof(
		{ weight: 4, arbitrary: fc.record({ form: fc.nat(10_000) }) },
		{ weight: 4, arbitrary: fc.record({ route: fc.nat(10_000), parts: usually("", 1, hostileText) }) },
		{ weight: 1, arbitrary: fc.record({ address: hostileText.map((text) => `/${text}`) }) },
	),
	query: usually<Pairs>([], 3, pairs),
	treatments: fc.array(
		usually<Treatment>(
			"right",
			2,
			fc.oneof(fc.constantFrom<Treatment>("missing", "doubled", "listed"), fc.record({ text: hostileText })),
		),
		{ minLength: 6, maxLength: 6 },
	),
	extraFields: usually<Pairs>([], 6, pairs),
	body: usually<HostileRequest["body"]>("form", 8, fc.constantFrom("none", "cut", "binary", "huge")),
	contentType: usually<string | undefined>(
		"application/x-www-form-urlencoded",
		8,
		fc.option(hostileContentType, { nil: undefined }),
	),
	cookies: usually<HostileRequest["cookies"]>(
		"own",
		6,
		fc.constantFrom("none", "garbage", "doubled", "swapped", "everybody's"),
	),
	headers: usually<Record<string, string>>(
		{},
		3,
		fc.array(hostileHeader, { maxLength: 3 }).map((headers) => Object.fromEntries(headers)),
	),
});
