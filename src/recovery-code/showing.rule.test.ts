import { expect, test } from "vitest";
import { minutes } from "../clock.ts";
import type { Sealed } from "../crypto/keyring.ts";
import { showingOf } from "./showing.rule.ts";

const madeAt = Date.UTC(2026, 11, 7, 20);
const until = madeAt + minutes(15);
const here = "this session";
const fresh = {
	codeId: "a",
	hash: "",
	madeAt,
	savedAt: null,
	shownTo: here,
	sealed: { code: "k.x" as Sealed, until },
};

test("a new code is shown for 15 minutes", () => {
	expect(showingOf(fresh, here, madeAt)).toEqual({
		kind: "code",
		codeId: "a",
		sealedCode: "k.x",
		madeAt,
		until,
	});
	expect(showingOf(fresh, here, until - 1).kind).toBe("code");
	expect(showingOf(fresh, here, until)).toEqual({ kind: "hidden", codeId: "a", madeAt, savedAt: null });
});

test("a saved code is not shown, whatever is left of it", () => {
	const savedAt = madeAt + 1;
	expect(showingOf({ ...fresh, savedAt }, here, savedAt)).toEqual({
		kind: "hidden",
		codeId: "a",
		madeAt,
		savedAt,
	});
});

test("a code of which only the hash is left is not shown", () => {
	expect(showingOf({ ...fresh, sealed: undefined }, here, madeAt).kind).toBe("hidden");
});

test("who has no code is told so", () => {
	expect(showingOf(undefined, here, madeAt)).toEqual({ kind: "none" });
});

test("another session of the same person cannot read it", () => {
	expect(showingOf(fresh, "another session", madeAt).kind).toBe("hidden");
});
