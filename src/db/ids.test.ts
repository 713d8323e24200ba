import fc from "fast-check";
import { expect, test } from "vitest";
import { newId } from "./ids.ts";

test("an id is a UUID of version 7 that holds the moment it was made", () => {
	fc.assert(
		fc.property(fc.nat(2 ** 48 - 1), (now) => {
			const id = newId(now);
			expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
			expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(now);
		}),
	);
});

test("the example of RFC 9562, appendix A.6 has its time in front", () => {
	expect(newId(0x017f22e279b0).startsWith("017f22e2-79b0-7")).toBe(true);
});

test("ids sort by when they were made, and those of one moment differ", () => {
	const now = Date.UTC(2026, 11, 7);
	const ids = [now - 1, now, now + 1, now + 86_400_000].map(newId);
	expect([...ids].sort()).toEqual(ids);
	expect(new Set(Array.from({ length: 1_000 }, () => newId(now))).size).toBe(1_000);
});
