/** What the rule looks at: somebody with Full Access who is active. */
type FullAccessUser = { profileId: string; lastSignInAt: number | null };

/**
 * Whether a clinic can do without one of its Full Access users. Somebody must stay who is active and has finished a
 * sign-in. Who never has may go as long as anybody stays who was invited: so a mistyped first invitation is undone.
 *
 * @param users everybody with Full Access who is active, the one who leaves among them
 */
export function canDoWithout(leaving: FullAccessUser, users: readonly FullAccessUser[]): boolean {
	const others = users.filter((user) => user.profileId !== leaving.profileId);
	return leaving.lastSignInAt === null
		? others.length > 0
		: others.some((other) => other.lastSignInAt !== null);
}
