import { expect, test } from "vitest";
import { stateOfMessage } from "./message-state.rule.ts";

const waiting = { state: "waiting", provider: null, why: null } as const;
const byTwilio = { state: "sent", provider: "twilio", why: null } as const;
const sent = (provider: string) => ({ provider, state: "sent", why: null }) as const;
const delivered = (provider: string) => ({ provider, state: "delivered", why: null }) as const;
const failed = (provider: string) => ({ provider, state: "failed", why: "carrier" }) as const;

test("a message that no provider took is not sent", () => {
	expect(stateOfMessage(waiting, [])).toEqual({ state: "waiting", provider: undefined });
	expect(stateOfMessage(waiting, [failed("twilio")])).toEqual({ state: "waiting", provider: undefined });
});

test("a message that a provider took is sent, until its receipt says more", () => {
	expect(stateOfMessage(byTwilio, [])).toEqual({ state: "sent", provider: "twilio" });
	expect(stateOfMessage(byTwilio, [sent("twilio")])).toEqual({ state: "sent", provider: "twilio" });
	expect(stateOfMessage(byTwilio, [delivered("twilio")])).toEqual({ state: "delivered", provider: "twilio" });
	expect(stateOfMessage(byTwilio, [failed("twilio")])).toEqual({
		state: "failed",
		provider: "twilio",
		why: "carrier",
	});
});

test("with two providers that have it, one that failed is not the end, and one that delivered is", () => {
	expect(stateOfMessage(byTwilio, [failed("http")])).toEqual({ state: "sent", provider: "twilio" });
	expect(stateOfMessage(byTwilio, [failed("twilio"), sent("http")])).toMatchObject({ state: "sent" });
	expect(stateOfMessage(byTwilio, [failed("twilio"), delivered("http")])).toEqual({
		state: "delivered",
		provider: "http",
	});
});

test("a message that was given up says why, unless a provider has it after all", () => {
	const dead = (why: "expired" | "providers" | "number-cannot-receive") =>
		({ state: "dead", provider: null, why }) as const;
	expect(stateOfMessage(dead("expired"), [])).toMatchObject({ state: "dropped", why: "expired" });
	expect(stateOfMessage(dead("providers"), [])).toMatchObject({ state: "failed", why: "providers" });
	expect(stateOfMessage(dead("number-cannot-receive"), [])).toMatchObject({
		state: "failed",
		why: "number-cannot-receive",
	});
	expect(stateOfMessage(dead("expired"), [sent("twilio")])).toEqual({ state: "sent", provider: "twilio" });
});
