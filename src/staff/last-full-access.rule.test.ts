import { expect, test } from "vitest";
import { canDoWithout } from "./last-full-access.rule.ts";

const avery = { profileId: "avery", lastSignInAt: 1 };
const blake = { profileId: "blake", lastSignInAt: 2 };
const invited = { profileId: "casey", lastSignInAt: null };
const invitedToo = { profileId: "devon", lastSignInAt: null };

test.each([
	["one of two who have signed in may go", avery, [avery, blake], true],
	["the only one stays", avery, [avery], false],
	[
		"the only one who has signed in stays, however many are invited",
		avery,
		[avery, invited, invitedToo],
		false,
	],
	["who was invited and never came may go", invited, [avery, invited], true],
	[
		"an invitation to the wrong address may be undone once there is another",
		invited,
		[invited, invitedToo],
		true,
	],
	["the first invitation of a clinic stays", invited, [invited], false],
])("%s", (_, leaving, users, may) => {
	expect(canDoWithout(leaving, users)).toBe(may);
});
