import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { attribute, elements, parsePage, textOf } from "../../test/harness/html.ts";
import { NEW_CLINIC } from "../clinics/clinic.ts";
import { en } from "../words/en.ts";
import {
	Checkbox,
	CodeField,
	EmailField,
	Field,
	type FieldError,
	Form,
	Group,
	PasswordField,
	RecoveryCodeField,
} from "./controls.tsx";
import { Fields } from "./fields.ts";
import { networkOf } from "./network.ts";
import { PageFrame } from "./page-frame.tsx";
import type { Visit } from "./visit.ts";

const visit: Visit = {
	clinic: {
		clinicId: "1",
		shortName: "harbour",
		name: "Harbour Physio",
		timeZone: "America/Vancouver",
		country: "CA",
		...NEW_CLINIC,
	},
	now: Date.UTC(2026, 11, 7),
	words: en,
	network: networkOf("203.0.113.7"),
	browser: { token: undefined, hash: undefined, name: "", system: "other" },
	cookies: { session: undefined, signIn: undefined },
	path: "/",
	params: {},
	query: new Fields({}),
	form: new Fields({}),
	origin: "https://harbour.example",
	demo: false,
	supportEmail: "privacy@vestibule.example",
};

function formWith(errors: FieldError[], more: Partial<Visit> = {}) {
	const html = render(
		<PageFrame visit={{ ...visit, ...more }}>
			<Form action="/" submit="Save" errors={errors}>
				<Field name="name" label="Name" hint="As colleagues know it" />
				<EmailField name="email" label="Email" />
				<PasswordField name="current" label="Current password" username="avery@harbour.example" />
				<PasswordField name="new" label="New password" kind="new" />
				<CodeField label="Verification code" />
				<RecoveryCodeField />
				<Checkbox name="saved" label="I've saved it" />
				<Group name="lost" legend="Which?">
					<Checkbox name="lost" value="app" label="App" />
					<Checkbox name="lost" value="texts" label="Texts" />
				</Group>
			</Form>
		</PageFrame>,
	);
	const page = parsePage(html);
	const [summary] = elements(page, "section");
	return { page, summary, ids: elements(page).flatMap((element) => attribute(element, "id") ?? []) };
}

const fields = ["name", "email", "current", "new", "code", "recovery-code", "saved", "lost"];

describe.each(fields)("something to correct in %s", (field) => {
	const { page, summary, ids } = formWith([{ field, sentence: "Do it like this." }]);

	test("is told of on top, where it takes the focus, with a link to the field and its sentence", () => {
		if (summary === undefined) throw new Error("There is no summary");
		const [link] = elements(summary, "a");
		expect(link && [textOf(link), attribute(link, "href")]).toEqual([
			"There is one thing to correct",
			`#${field}`,
		]);
		expect(ids).toContain(field);
		expect(attribute(summary, "autofocus")).toBeDefined();
		expect(attribute(summary, "aria-describedby")).toBe(`${field}-error`);
	});

	test("is said at the field, at no other, and once on the page", () => {
		expect(textOf(page).split("Do it like this.")).toHaveLength(2);
		const marked = elements(page).filter((element) => attribute(element, "aria-invalid") === "true");
		expect(marked.map((element) => attribute(element, "id"))).toEqual([field]);
		const [description = ""] = marked.map((element) => attribute(element, "aria-describedby"));
		expect(description.split(" ")).toContain(`${field}-error`);
		for (const id of description.split(" ")) expect(ids).toContain(id);
	});
});

test("several things to correct are listed on top, each with a link to its field, where it is said again", () => {
	const { page, summary } = formWith([
		{ field: "name", sentence: "Enter your name." },
		{ field: "code", sentence: "Enter the code." },
	]);
	if (summary === undefined) throw new Error("There is no summary");
	expect(textOf(summary)).toBe("There are 2 things to correct\nEnter your name.\nEnter the code.");
	expect(elements(summary, "a").map((link) => attribute(link, "href"))).toEqual(["#name", "#code"]);
	expect(textOf(page).split("Enter the code.")).toHaveLength(3);
});

test("a wait is no mistake: it is said once, and marks no field", () => {
	const { page, summary } = formWith([{ field: "code", sentence: "Wait a minute." }], { isWait: true });
	if (summary === undefined) throw new Error("There is no summary");
	expect(textOf(summary)).toBe("You have to wait\nWait a minute.");
	expect(elements(summary, "a")).toEqual([]);
	expect(textOf(page).split("Wait a minute.")).toHaveLength(2);
	expect(elements(page).filter((element) => attribute(element, "aria-invalid"))).toEqual([]);
});

test("what is wrong with the whole form leads to no field", () => {
	const { summary } = formWith([{ field: "", sentence: "Wait a minute." }]);
	if (summary === undefined) throw new Error("There is no summary");
	expect(textOf(summary)).toContain("Wait a minute.");
	expect(elements(summary, "a")).toEqual([]);
});

test("a form without anything to correct has no summary, and no two things share an id", () => {
	const { summary, ids } = formWith([]);
	expect(summary).toBeUndefined();
	expect(ids).toEqual([...new Set(ids)]);
});
