import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const stylesheet = readFileSync(new URL("../../public/style.css", import.meta.url), "utf8");
const tokens = new Map(
	[...stylesheet.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
		([, name = "", light = "", dark = ""]) => [name, { light, dark }],
	),
);

/** What is written with which colour on what (WCAG 2.2, 1.4.3: 4.5 to 1). */
const TEXT: Record<string, string[]> = {
	ink: ["surface", "paper", "doorway", "accent-tint", "danger-tint", "warning-tint", "success-tint"],
	soft: ["surface", "paper", "doorway", "line"],
	accent: ["surface", "paper", "doorway", "accent-tint", "warning-tint"],
	"accent-strong": ["surface", "accent-tint", "warning-tint"],
	"on-accent": ["accent", "accent-strong"],
	danger: ["surface", "danger-tint"],
	"on-danger": ["danger", "danger-strong"],
	warning: ["warning-tint"],
	success: ["success-tint"],
};

/** Edges of fields and buttons, and the ring around what has the focus (WCAG 2.2, 1.4.11: 3 to 1). */
const EDGES: Record<string, string[]> = {
	edge: ["surface"],
	accent: ["surface", "paper", "doorway", "accent-tint", "danger-tint", "warning-tint"],
	danger: ["surface", "danger-tint"],
};

describe.each(["light", "dark"] as const)("%s", (scheme) => {
	test.each(pairs(TEXT))("%s is read easily on %s", (text, ground) => {
		expect(contrast(colour(text, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(4.5);
	});

	test.each(pairs(EDGES))("an edge of %s is seen on %s", (edge, ground) => {
		expect(contrast(colour(edge, scheme), colour(ground, scheme))).toBeGreaterThanOrEqual(3);
	});
});

test("every colour is a token", () => {
	const [, rest = ""] = stylesheet.split("@layer base {");
	// A QR code is black on white in both schemes, and a shadow is black.
	const written = [...rest.matchAll(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)\([^)]*\)/g)].map(([text]) => text);
	expect(written).toEqual(["rgb(0 0 0 / 0.18)", "#fff", "#000"]);
});

function pairs(table: Record<string, string[]>): [string, string][] {
	return Object.entries(table).flatMap(([name, grounds]) =>
		grounds.map((ground): [string, string] => [name, ground]),
	);
}

function colour(name: string, scheme: "light" | "dark"): string {
	const token = tokens.get(name);
	if (token === undefined) throw new Error(`There is no colour --${name}`);
	return token[scheme];
}

/** The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
function contrast(a: string, b: string): number {
	const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
		const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
