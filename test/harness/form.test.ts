import { expect, test } from "vitest";
import { entriesOf, type Filled, fieldsOf } from "./form.ts";
import { elements, parsePage, textOf } from "./html.ts";

const page = parsePage(`<!doctype html><title>Test</title>
	<form method="post" action="/x">
		<input type="hidden" name="form-token" value="t&amp;1">
		<label for="email">Email <b>address</b></label><p id="email-hint">As on your card</p>
		<input id="email" name="email" value="old@harbour.example" aria-describedby="email-hint email-error">
		<input name="off" value="1" disabled>
		<label><input type="checkbox" name="trust"> Trust this browser</label>
		<label><input type="checkbox" name="keep" value="app" checked> Keep it</label>
		<fieldset><legend>Valid for</legend>
			<input type="radio" id="a" name="for" value="15"><label for="a">15 minutes</label>
			<input type="radio" id="b" name="for" value="60" checked><label for="b">1 hour</label>
		</fieldset>
		<label for="kind">Kind</label>
		<select id="kind" name="kind"><option value="1">Any</option><option value="2">Sign-in</option></select>
		<button name="do" value="save">Save</button>
	</form>`);
const [form] = elements(page, "form");
const [button] = elements(page, "button");

function sent(filled: Filled): Record<string, string> {
	if (form === undefined || button === undefined) throw new Error("The page has no form");
	return Object.fromEntries(entriesOf(form, filled, button));
}

const untouched = {
	"form-token": "t&1",
	email: "old@harbour.example",
	keep: "app",
	for: "60",
	kind: "1",
	do: "save",
};

test("a form that nobody touched is sent as it stands", () => expect(sent({})).toEqual(untouched));

test("what somebody types, ticks and picks is sent in its place", () => {
	const filled = {
		"Email address": "new@x.example",
		"Trust this browser": true,
		"Keep it": false,
		"Valid for": "15 minutes",
		Kind: "Sign-in",
	};
	const { keep: _, ...rest } = untouched;
	expect(sent(filled)).toEqual({ ...rest, email: "new@x.example", trust: "on", for: "15", kind: "2" });
});

test("a label that is not there cannot be filled in, nor a choice that is not offered be picked", () => {
	expect(() => sent({ Password: "x" })).toThrow(
		"Nothing in this form takes Password; it has: Email address,",
	);
	expect(() => sent({ Kind: "Nothing" })).toThrow("Kind offers no Nothing");
	expect(() => sent({ "Valid for": "1 week" })).toThrow("Nothing in this form takes Valid for");
});

test("a field is known by its label and what is said about it", () => {
	const [field] = form ? fieldsOf(form) : [];
	expect(field).toMatchObject({
		label: "Email address",
		name: "email",
		type: "text",
		description: "As on your card",
	});
});

test("text reads as people see it", () => {
	const read = (html: string) => textOf(parsePage(html));
	expect(read("<h1>One</h1><p>two <b>th</b>ree<br>four</p><p hidden>five</p><script>six</script>")).toBe(
		"One\ntwo three\nfour",
	);
});
