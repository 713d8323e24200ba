import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { Hasher, Overloaded } from "./hasher.ts";

test("a password matches its own argon2id hash of 19 MiB, 2 passes and 1 lane, and no other", async () => {
	const hasher = new Hasher();
	const hash = await hasher.hash("three quiet words", "welcome");
	expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(hash).not.toBe(await hasher.hash("three quiet words", "welcome"));
	expect(await hasher.verify("three quiet words", hash, "stranger")).toBe(true);
	expect(await hasher.verify("three quiet word", hash, "stranger")).toBe(false);
});

test("without a hash the same work is done, and the answer is no, even for the dummy's own password", async () => {
	const hasher = new Hasher();
	expect(await hasher.verify("nobody has this password", undefined, "stranger")).toBe(false);
	expect(await hasher.verify("", undefined, "stranger")).toBe(false);
});

test("strangers are turned away when seconds of their work wait, and whoever is known still comes through", async () => {
	const hasher = new Hasher();
	const hash = await hasher.hash("three quiet words", "welcome");
	const outcomes: unknown[] = [];
	const strangers = Array.from({ length: 1_000 * availableParallelism() }, () =>
		hasher.verify("a guess", hash, "stranger").then(
			() => outcomes.push("compared"),
			(error: unknown) => outcomes.push(error),
		),
	);
	expect(await hasher.verify("three quiet words", hash, "welcome")).toBe(true);
	const comparedBefore = outcomes.filter((outcome) => outcome === "compared").length;
	await Promise.all(strangers);
	// Whoever is known came last. How far a thread gets while another one pauses is the machine's affair.
	const compared = outcomes.filter((outcome) => outcome === "compared").length;
	expect(comparedBefore).toBeLessThan(compared / 2);
	const refused = outcomes.filter((outcome) => outcome !== "compared");
	expect(refused.length).toBeGreaterThan(0);
	expect(refused.length).toBeLessThan(strangers.length);
	for (const outcome of refused) expect(outcome).toBeInstanceOf(Overloaded);
});

test("whoever has many hashes made at once keeps nobody else waiting: more than 20 of one person's do not wait", async () => {
	const hasher = new Hasher();
	const outcomes: unknown[] = [];
	const many = Array.from({ length: 200 }, () =>
		hasher.hash("a new password", "welcome", "mallory").then(
			() => outcomes.push("hashed"),
			(error: unknown) => outcomes.push(error),
		),
	);
	await hasher.hash("three quiet words", "welcome", "avery");
	expect(outcomes.filter((outcome) => outcome === "hashed").length).toBeLessThanOrEqual(
		20 + 2 * availableParallelism(),
	);
	await Promise.all(many);
	expect(outcomes.filter((outcome) => outcome === "hashed")).toHaveLength(20 + availableParallelism());
	expect(outcomes.filter((outcome) => outcome instanceof Overloaded)).toHaveLength(
		180 - availableParallelism(),
	);
	// Once they are made, the next ones are.
	await hasher.hash("another password", "welcome", "mallory");
});
