import type { Clinic } from "../clinics/clinic.ts";
import { enforcementOf } from "../enforcement/enforcement.rule.ts";
import type { StaffMember } from "../enforcement/store.ts";
import { METHOD_KINDS } from "../methods/method-kinds.ts";
import type { Method } from "../methods/store.ts";
import { openPdf } from "../pdf/document.ts";
import { INK, QUIET, WARNING } from "../pdf/ink.ts";
import { letterhead } from "../pdf/letterhead.ts";
import { drawnName, type Name } from "../pdf/names.ts";
import {
	beginSheets,
	fact,
	gap,
	heading,
	type Line,
	paragraph,
	type Row,
	type Sheets,
	table,
} from "../pdf/sheets.ts";
import { signOutAfter } from "../sessions/lifetime.rule.ts";
import type { Words } from "../words/words.ts";
import type { ReportFacts } from "./report-facts.ts";

export type Report = {
	words: Words;
	clinic: Clinic;
	facts: ReportFacts;
	/** Epoch milliseconds. */
	madeAt: number;
	madeBy: { name: string; email: string };
	/** Where the clinic signs in: `https://…`. */
	origin: string;
};

type Drawing = { sheets: Sheets; report: Report; clinicName: Name };

const MARGIN = 48;
const STAFF_COLUMNS = [0.36, 0.13, 0.25, 0.26];
const EXCEPTION_COLUMNS = [0.45, 0.55];

/**
 * Draws the report for an auditor or insurer on the clinic's paper size: in many short turns, so that a large
 * clinic's keeps nobody waiting.
 *
 * @returns the PDF's bytes
 */
export async function drawReport(report: Report): Promise<Uint8Array> {
	const { words, clinic, madeAt, facts } = report;
	const pdf = await openPdf({
		title: words.report.title(clinic.name),
		language: words.language,
		country: clinic.country,
		madeAt,
		margin: MARGIN,
	});
	const clinicName = drawnName(pdf, clinic.name, new URL(report.origin).host);
	const made = words.date(madeAt, clinic.timeZone);
	const sheets = beginSheets(pdf, { left: clinicName, right: (page) => words.report.foot(made, page) });
	const drawing = { sheets, report, clinicName };

	letterhead(pdf, clinicName, words.product);
	pdf.element("H1", () => pdf.draw.font("strong", 24).fillColor(INK).text(words.report.heading));
	gap(sheets, 4);
	paragraph(sheets, words.report.isMultiFactor);
	origin(drawing);
	rule(drawing);
	numbers(drawing);
	await exceptions(drawing);
	await everybody(drawing);
	gap(sheets, 12);
	paragraph(sheets, words.report.end(facts.staff.length, sheets.count));
	return pdf.finish();
}

/** When it was made, by whom, of which clinic, and what its dates mean. */
function origin({ sheets, report, clinicName }: Drawing): void {
	const { words, clinic, madeAt, madeBy } = report;
	gap(sheets, 8);
	fact(sheets, words.report.clinic, [{ ...clinicName, colour: INK }]);
	fact(sheets, words.report.made, [text(moment(report, madeAt))]);
	fact(sheets, words.report.madeBy, whoIs(sheets, madeBy));
	fact(sheets, words.report.dates, [text(words.report.timeZone(clinic.timeZone))]);
}

function rule({ sheets, report }: Drawing): void {
	const { words, clinic, madeAt } = report;
	const { enforcement, security, automaticSignOut } = words;
	const state = enforcementOf(clinic, madeAt);
	const day = state.kind === "off" ? "" : words.day(state.on);
	heading(sheets, "H2", words.report.ruleTitle);
	fact(sheets, enforcement.title, [text(words.report.states[state.kind](day))]);
	fact(sheets, security.recognizedDevices, [text(words.report.devices(clinic.rule.allowsTrust))]);
	fact(sheets, security.textMessages, [text(words.report.texts(clinic.rule.allowsTexts))]);
	fact(sheets, automaticSignOut.title, [
		text(words.report.unused(automaticSignOut.choice(signOutAfter(clinic, madeAt), false))),
	]);
}

function numbers({ sheets, report }: Drawing): void {
	const { words, facts } = report;
	const { staff } = facts;
	const count = (is: (person: StaffMember) => boolean) => text(String(staff.filter(is).length));
	heading(sheets, "H2", words.report.numbersTitle);
	fact(sheets, words.report.active, [text(String(staff.length))]);
	fact(sheets, words.report.on, [count(({ methods }) => methods.length > 0)]);
	for (const kind of METHOD_KINDS) {
		const has = ({ methods }: StaffMember) => methods.some((method) => method.kind === kind);
		fact(sheets, words.report.withMethod(words.methods[kind]), [count(has)]);
	}
	for (const { title, rows } of kindsOfException(sheets, report)) {
		fact(sheets, title, [text(String(rows.length))]);
	}
}

async function exceptions({ sheets, report }: Drawing): Promise<void> {
	const { words } = report;
	heading(sheets, "H2", words.report.exceptionsTitle);
	for (const { title, what, column, rows } of kindsOfException(sheets, report)) {
		heading(sheets, "H3", `${title}: ${rows.length}`);
		paragraph(sheets, what);
		gap(sheets, 5);
		if (rows.length > 0) {
			await table(sheets, EXCEPTION_COLUMNS, [words.account.name, column], rows);
		}
	}
}

type KindOfException = { title: string; what: string; column: string; rows: (() => Row)[] };

/** The exceptions of every kind there can be, also those of which there are none. */
function kindsOfException(sheets: Sheets, report: Report): KindOfException[] {
	const { words, facts, clinic, madeAt } = report;
	const { without, trusted, olderSessions, pendingResets, blocked } = words.report.exceptions;
	const day = (at: number) => words.date(at, clinic.timeZone);
	const isInForce = enforcementOf(clinic, madeAt).kind === "in-force";
	const row = (person: StaffMember, ...lines: Line[]): Row => [whoIs(sheets, person), lines];
	return [
		{
			...without,
			rows: facts.staff
				.filter(({ methods }) => methods.length === 0)
				.map((person) => () => row(person, text(lastSignIn(report, person)))),
		},
		{
			...trusted,
			rows: facts.trusted.map(
				({ person, name, endsAt }) =>
					() =>
						row(person, foreign(sheets, name), text(words.report.until(day(endsAt)))),
			),
		},
		{
			...olderSessions,
			what: isInForce ? olderSessions.what : olderSessions.notInForce,
			rows: facts.olderSessions.map(
				({ person, browserName, startedAt }) =>
					() =>
						row(person, foreign(sheets, browserName), text(words.report.signedIn(moment(report, startedAt)))),
			),
		},
		{
			...pendingResets,
			rows: facts.pendingResets.map(
				({ person }) =>
					() =>
						row(person),
			),
		},
		{
			...blocked,
			rows: facts.blocked.map(
				({ person, method }) =>
					() =>
						row(
							person,
							text(words.methods[method.kind]),
							text(words.report.blockedSince(day(method.blockedAt))),
						),
			),
		},
	];
}

async function everybody({ sheets, report }: Drawing): Promise<void> {
	const { words, facts } = report;
	heading(sheets, "H2", words.report.everybodyTitle);
	gap(sheets, 2);
	const heads = [
		words.account.name,
		words.account.access,
		words.product,
		words.whoHasItOn.columns.lastSignIn,
	];
	await table(
		sheets,
		STAFF_COLUMNS,
		heads,
		facts.staff.map((person) => () => [
			whoIs(sheets, person),
			[text(words.account.accessLevels[person.access])],
			stateOf(report, person),
			[text(lastSignIn(report, person))],
		]),
	);
}

function stateOf(report: Report, { methods }: StaffMember): Line[] {
	const { words } = report;
	if (methods.length === 0) return [{ text: words.whoHasItOn.notSetUp, font: "strong", colour: WARNING }];
	return methods.flatMap((method) => methodLines(report, method));
}

function methodLines({ words, clinic }: Report, { kind, onAt, blockedAt }: Method): Line[] {
	const day = (at: number) => words.date(at, clinic.timeZone);
	const lines: Line[] = [
		text(words.methods[kind]),
		{ text: words.report.since(day(onAt)), font: "text", colour: QUIET },
	];
	if (blockedAt === null) return lines;
	return [...lines, { text: words.report.blockedSince(day(blockedAt)), font: "strong", colour: WARNING }];
}

function lastSignIn(report: Report, { lastSignInAt }: StaffMember): string {
	return lastSignInAt === null ? report.words.report.neverSignedIn : moment(report, lastSignInAt);
}

function moment({ words, clinic }: Report, at: number): string {
	return `${words.date(at, clinic.timeZone)}, ${words.time(at, clinic.timeZone)}`;
}

/** Who it is: the name as far as the fonts have it, and the email. */
function whoIs(sheets: Sheets, { name, email }: { name: string; email: string }): Line[] {
	const strong = sheets.pdf.drawn(name, "strong");
	const lines: Line[] = [
		{ ...strong, colour: INK },
		{ ...foreign(sheets, email), colour: QUIET },
	];
	return lines.filter((line) => line.text !== "");
}

/** A text that is not ours, as far as the fonts have it. */
function foreign(sheets: Sheets, given: string): Line {
	return { ...sheets.pdf.drawn(given, "text"), colour: INK };
}

function text(ours: string): Line {
	return { text: ours, font: "text", colour: INK };
}
