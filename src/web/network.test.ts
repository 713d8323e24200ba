import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameNetwork, networkOf } from "./network.ts";

const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

test.each([
	["203.0.113.9", { address: "203.0.113.9", key: "203.0.113.9", widerKey: undefined }],
	["::ffff:203.0.113.9", { address: "203.0.113.9", key: "203.0.113.9", widerKey: undefined }],
	[
		"2001:db8:1:2:3:4:5:6",
		{ address: "2001:db8:1:2:3:4:5:6", key: "2001:db8:1:2::/64", widerKey: "2001:db8:1::/48" },
	],
	["2001:DB8::1", { address: "2001:db8::1", key: "2001:db8:0:0::/64", widerKey: "2001:db8:0::/48" }],
	["fe80::1%eth0", { address: "fe80::1", key: "fe80:0:0:0::/64", widerKey: "fe80:0:0::/48" }],
	["203.0.113.9:4711", { address: "203.0.113.9", key: "203.0.113.9", widerKey: undefined }],
	["[2001:db8::1]:4711", { address: "2001:db8::1", key: "2001:db8:0:0::/64", widerKey: "2001:db8:0::/48" }],
])("%s is read as the network of one subscriber", (address, network) => {
	expect(networkOf(address)).toEqual(network);
});

test("everybody in one /64 counts together, whatever the lower half of the address is", () => {
	const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
	const text = (groups: number[]) => groups.map((group) => group.toString(16)).join(":");
	fc.assert(
		fc.property(half, half, half, half, (upper, lower, otherLower, otherUpper) => {
			fc.pre(upper.some((group) => group !== 0) && text(upper) !== text(otherUpper));
			const one = `${text(upper)}:${text(lower)}`;
			expect(isSameNetwork(one, `${text(upper)}:${text(otherLower)}`)).toBe(true);
			expect(isSameNetwork(one, `${text(otherUpper)}:${text(lower)}`)).toBe(false);
		}),
	);
});

test("what cannot be read as an address counts as one network, and never breaks a page", () => {
	const unknown = { address: "unknown", key: "unknown", widerKey: undefined };
	for (const text of [undefined, "", "unknown", "_hidden", "999.1.1.1", "<b>"]) {
		expect(networkOf(text)).toEqual(unknown);
	}
	fc.assert(
		fc.property(
			fc.oneof(anyText, fc.string({ unit: fc.constantFrom(..."0123456789abcdef.:[]%/") })),
			(text) => {
				expect(networkOf(text).key).toMatch(/^[0-9a-f.:]+(?:::\/64)?$|^unknown$/);
			},
		),
	);
});
