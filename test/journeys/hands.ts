import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** How a person works a page: with a mouse, or with a keyboard and nothing else. */
export type Hands = {
	/** Follows a link, presses a button, opens a menu. */
	press(target: Locator): Promise<void>;
	type(target: Locator, text: string): Promise<void>;
	tick(target: Locator): Promise<void>;
	/** One of several that exclude each other. */
	pick(target: Locator): Promise<void>;
};

export function mouse(): Hands {
	return {
		press: (target) => target.click(),
		type: (target, text) => target.fill(text),
		tick: (target) => target.check(),
		pick: (target) => target.check(),
	};
}

/** Tab, Enter, Space, arrows and letters. Expects that every stop can be seen, and that they go down the page as one reads. */
export function keyboard(page: Page): Hands {
	const reach = async (target: Locator) => {
		await target.waitFor();
		let before = await stopOf(page);
		if (before !== undefined) expectSeen(before);
		for (let presses = 0; presses < MOST_STOPS; presses++) {
			if (await target.evaluate((element) => element === document.activeElement)) return;
			await page.keyboard.press("Tab");
			const stop = await stopOf(page);
			if (stop !== undefined) expectSeen(stop);
			if (stop !== undefined && before !== undefined) expectInOrder(before, stop);
			before = stop;
		}
		throw new Error(`Tab never comes to ${target} on ${page.url()}`);
	};
	return {
		async press(target) {
			await reach(target);
			await page.keyboard.press("Enter");
		},
		async type(target, text) {
			await reach(target);
			await page.keyboard.type(text);
		},
		async tick(target) {
			await reach(target);
			await page.keyboard.press("Space");
		},
		async pick(target) {
			// Tab stops once at all of them, where one is picked; arrows go on from there.
			await reach(page.locator(`input[name="${await target.getAttribute("name")}"]:checked`));
			for (let presses = 0; !(await target.isChecked()); presses++) {
				if (presses === MOST_STOPS) throw new Error(`The arrow keys never come to ${target}`);
				await page.keyboard.press("ArrowDown");
			}
		},
	};
}

const MOST_STOPS = 80;
/** Less than this is no outline that one would notice (CSS pixels). */
const THINNEST_OUTLINE = 2;

type Stop = { what: string; top: number; bottom: number; left: number; outline: number; isCovered: boolean };

/** Where the focus is; undefined where it has left the page, as it does after the last stop. */
function stopOf(page: Page): Promise<Stop | undefined> {
	return page.evaluate(() => {
		const element = document.activeElement;
		if (element === null || element === document.body) return undefined;
		const { top, bottom, left } = element.getBoundingClientRect();
		// Of a link that runs over two lines, the first.
		const [line = element.getBoundingClientRect()] = element.getClientRects();
		const [x, y] = [line.left + line.width / 2, line.top + line.height / 2];
		const onTop = document.elementFromPoint(x, y);
		const { outlineStyle, outlineWidth } = getComputedStyle(element);
		return {
			what: element.outerHTML.slice(0, 120),
			top: top + scrollY,
			bottom: bottom + scrollY,
			left,
			outline: outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth),
			isCovered: onTop === null || !(element.contains(onTop) || onTop.contains(element)),
		};
	});
}

function expectSeen({ what, outline, isCovered }: Stop): void {
	expect(outline, `One does not see that the focus is on ${what}`).toBeGreaterThanOrEqual(THINNEST_OUTLINE);
	expect(isCovered, `Something covers ${what}, or it is out of sight, while it has the focus`).toBe(false);
}

/** Further down, or further right in the same row. */
function expectInOrder(before: Stop, stop: Stop): void {
	const isSameRow = stop.top < before.bottom && before.top < stop.bottom;
	const isOnward = isSameRow ? stop.left >= before.left : stop.top >= before.top;
	expect(isOnward, `Tab goes back up from ${before.what} to ${stop.what}`).toBe(true);
}
