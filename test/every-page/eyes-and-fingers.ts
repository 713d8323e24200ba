import type { Page as Window } from "playwright-core";
import { expect } from "vitest";

/** Less than this is no outline that one would notice (CSS pixels). */
const THINNEST_OUTLINE = 2;
/** What a finger needs where a form is filled in, and what everything else that can be pressed has (WCAG 2.2, 2.5.8). */
const FINGER = 44;
const SMALLEST = 24;

/** What there is on a page, where it is, how large it is written, and whether it can be seen: all but its colours. */
export function everythingsPlace(window: Window): Promise<string[]> {
	return window.evaluate(() =>
		[...document.querySelectorAll("*")].map((element) => {
			const { x, y, width, height } = element.getBoundingClientRect();
			const { display, visibility, opacity, fontSize, fontWeight } = getComputedStyle(element);
			const box = [x, y, width, height].map(Math.round).join(" ");
			return `${element.tagName} ${box} ${display} ${visibility} ${opacity} ${fontSize} ${fontWeight}`;
		}),
	);
}

/**
 * Expects of a page of one column whose form asks for one thing before all else that typing starts there, or where it
 * says what to mend. What is dangerous, and a warning, is read first.
 */
export async function expectReadyToType(window: Window): Promise<void> {
	const unready = () => {
		const [form] = document.querySelectorAll(
			"main.column:not(:has(.notice.warning)) form:has(.button.primary)",
		);
		const shown = [...(form?.querySelectorAll<HTMLInputElement>("input, select, textarea") ?? [])].filter(
			(input) => input.type !== "hidden" && input.tabIndex >= 0,
		);
		const [first, ...others] = shown;
		const isTyped = (input: HTMLInputElement) => !["checkbox", "radio"].includes(input.type);
		if (first === undefined || first.value !== "" || !isTyped(first) || others.some(isTyped))
			return undefined;
		const { activeElement } = document;
		const isReady = activeElement === first || activeElement?.matches(".error-summary");
		return isReady ? undefined : first.outerHTML;
	};
	// A browser gives the focus with the first picture it draws of a page, which may be after the page has come.
	await expect.poll(() => window.evaluate(unready), { timeout: 10_000 }).toBeUndefined();
}

/** Expects of everything that Tab comes to that it shows where the focus is (WCAG 2.2, 2.4.7). */
export async function expectFocusIsSeen(window: Window): Promise<void> {
	// From here on the browser takes it that somebody uses the keyboard.
	await window.keyboard.press("Tab");
	const unseen = await window.evaluate((thinnest) => {
		const stops = document.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, summary");
		return [...stops].flatMap((stop) => {
			if (stop.tabIndex < 0 || !stop.checkVisibility()) return [];
			stop.focus();
			if (document.activeElement !== stop) return [];
			const { outlineStyle, outlineWidth } = getComputedStyle(stop);
			const isSeen = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= thinnest;
			return isSeen ? [] : [stop.outerHTML.slice(0, 200)];
		});
	}, THINNEST_OUTLINE);
	expect(unseen).toEqual([]);
}

/**
 * Expects that buttons and fields are as high as a finger is wide, and that nothing that can be pressed is smaller
 * than it may be, but for a link within a sentence, and the one to the content, which only shows with the focus.
 */
export async function expectRoomForFingers(window: Window): Promise<void> {
	const small = await window.evaluate(
		([finger, smallest]) => {
			const targets = document.querySelectorAll<HTMLElement>(
				"a[href]:not(.skip), button, input, select, textarea, summary",
			);
			const forFingers =
				"button:not(.link), .button, input:not([type=checkbox], [type=radio]), select, textarea, summary";
			return [...targets].flatMap((target) => {
				const isInSentence =
					getComputedStyle(target).display === "inline" &&
					target.parentElement?.textContent?.trim() !== target.textContent?.trim();
				if (!target.checkVisibility() || target.tabIndex < 0 || isInSentence) return [];
				const { width, height } = target.getBoundingClientRect();
				const isBigEnough = width >= smallest && height >= (target.matches(forFingers) ? finger : smallest);
				const size = `${Math.round(width)} × ${Math.round(height)}`;
				return isBigEnough ? [] : [`${size}: ${target.outerHTML.slice(0, 200)}`];
			});
		},
		[FINGER, SMALLEST] as const,
	);
	expect(small).toEqual([]);
}
