import { expect, test } from "vitest";
import { SharedSecret } from "../crypto/shared-secret.ts";
import { answerToError, receiptOfStatus, textToSign, waysToWrite } from "./twilio.rule.ts";

const ADDRESS = "https://mycompany.com/myapp.php?foo=1&bar=2";

/** The examples of Twilio's security documentation and of its own libraries' tests, with the token `12345`. */
test.each([
	[
		[
			["Digits", "1234"],
			["To", "+18005551212"],
			["From", "+14158675309"],
			["Caller", "+14158675309"],
			["CallSid", "CA1234567890ABCDE"],
		],
		"RSOYDt4T1cUTdK1PDd93/VVr8B8=",
	],
	[
		[
			["Sid", "CA123"],
			["SidAccount", "AC123"],
			["Digits", "5678"],
			["Digits", "1234"],
			["Digits", "1234"],
		],
		"IK+Dwps556ElfBT0I3Rgjkr1wJU=",
	],
])("a request is signed as Twilio's documentation shows (%#)", (fields, signature) => {
	const text = textToSign(ADDRESS, new URLSearchParams(fields));
	expect(new SharedSecret("12345").sign("sha1", text, "base64")).toBe(signature);
});

test.each([
	["a number that is none", 400, 21211, "number"],
	["a number that sent STOP", 400, 21610, "number"],
	["a number without text messages", 400, 21614, "number"],
	["a landline", 400, 21635, "number"],
	["a text that is too long", 400, 21617, "stop"],
	["too many requests", 429, 20429, "wait"],
	["a sender whose queue is full", 400, 21611, "wait"],
	["trouble on its side", 500, 20500, "wait"],
	["trouble in front of it", 503, Number.NaN, "wait"],
	["a wrong token", 401, 20003, "another"],
	["a country that the account may not text", 400, 21408, "another"],
	["a sender that is not the account's", 400, 21606, "another"],
	["a redirect", 302, Number.NaN, "another"],
])("%s is sorted", (_what, status, code, kind) => {
	expect(answerToError(status, code, undefined).kind).toBe(kind);
});

test("how long Twilio asks to wait is kept", () => {
	expect(answerToError(429, 20429, 30_000)).toEqual({
		kind: "wait",
		reason: "Twilio answered 429, error 20429",
		waitMs: 30_000,
	});
});

test.each([
	["queued", 0, { kind: "sent" }],
	["sent", 0, { kind: "sent" }],
	["delivered", 0, { kind: "delivered" }],
	["undelivered", 30003, { kind: "failed", why: "carrier", reason: "Twilio says undelivered, error 30003" }],
	["undelivered", 30005, { kind: "failed", why: "number-cannot-receive" }],
	["undelivered", 30006, { kind: "failed", why: "number-cannot-receive" }],
	["failed", Number.NaN, { kind: "failed", why: "carrier", reason: "Twilio says failed" }],
	["receiving", 0, { kind: "nothing" }],
])("the status %s with error %s says what became of a message", (status, code, receipt) => {
	expect(receiptOfStatus(status, code)).toMatchObject(receipt);
});

test.each([
	["https://a.example/r/1?x=2", ["https://a.example/r/1?x=2", "https://a.example:443/r/1?x=2"]],
	["https://a.example:8443/r", ["https://a.example/r", "https://a.example:8443/r"]],
	["http://localhost:3000/r", ["http://localhost/r", "http://localhost:3000/r"]],
])("%s is written without its port and with it", (address, written) => {
	expect(waysToWrite(address)).toEqual(written);
});
