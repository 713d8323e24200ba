import { expect, test } from "vitest";
import { orderOfProviders } from "./provider-order.rule.ts";
import { type EarlierTries, NEVER_TRIED } from "./text-try.ts";

const NOW = 1_000_000;
const earlier = (changed: Partial<EarlierTries>): EarlierTries => ({ ...NEVER_TRIED, ...changed });
const tried = (
	provider: "twilio" | "http",
	outcome: "another" | "wait" | "no-answer",
	waitUntil?: number,
) => ({ provider, outcome, waitUntil });

function order(changed: Partial<EarlierTries>, avoid?: string, resting: string[] = []) {
	const message = { avoid, earlier: earlier(changed) };
	const found = orderOfProviders(["twilio", "http"], message, new Set(resting), NOW);
	return found.kind === "ask" ? found.providers.map(({ name }) => name) : found;
}

test("providers are asked as configured", () => {
	expect(order({})).toEqual(["twilio", "http"]);
});

test("the one that took a message's forerunner is asked last, also when the others lately did not answer", () => {
	expect(order({}, "twilio")).toEqual(["http", "twilio"]);
	expect(order({}, "http")).toEqual(["twilio", "http"]);
	expect(order({}, "twilio", ["http"])).toEqual(["http", "twilio"]);
	expect(order({}, "a provider of yesterday")).toEqual(["twilio", "http"]);
});

test("one that lately did not answer is asked after the others", () => {
	expect(order({}, undefined, ["twilio"])).toEqual(["http", "twilio"]);
	expect(order({}, undefined, ["twilio", "http"])).toEqual(["twilio", "http"]);
});

test("one that refused the message, or took it and could not deliver it, is not asked again", () => {
	expect(order({ tries: [tried("twilio", "another")] })).toEqual(["http"]);
	expect(order({ failed: ["twilio"] })).toEqual(["http"]);
	expect(order({ tries: [tried("twilio", "another")], failed: ["http"] })).toEqual({ kind: "nobody" });
});

test("one that asked for a wait is left alone until then", () => {
	expect(order({ tries: [tried("twilio", "wait", NOW + 1)] })).toEqual(["http"]);
	expect(order({ tries: [tried("twilio", "wait", NOW)] })).toEqual(["twilio", "http"]);
	const both = [tried("twilio", "wait", NOW + 9), tried("http", "wait", NOW + 5)];
	expect(order({ tries: both })).toEqual({ kind: "wait", until: NOW + 5 });
});

test("one that was asked and not heard may have the message, and so may all after a lost try", () => {
	const mayHaveIt = (changed: Partial<EarlierTries>) => {
		const found = orderOfProviders(
			["twilio", "http"],
			{ avoid: undefined, earlier: earlier(changed) },
			new Set(),
			NOW,
		);
		return found.kind === "ask" ? found.providers.map((each) => each.mayHaveIt) : found;
	};
	expect(mayHaveIt({})).toEqual([false, false]);
	expect(mayHaveIt({ tries: [tried("twilio", "no-answer"), tried("http", "wait")] })).toEqual([true, false]);
	expect(mayHaveIt({ hasLostOne: true })).toEqual([true, true]);
});
