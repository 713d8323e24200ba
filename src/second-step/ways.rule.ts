/** One way to pass the second step. */
export type Way = "authenticator-app" | "text-message" | "recovery-code" | "temporary-code";

type MethodKind = Extract<Way, "authenticator-app" | "text-message">;

type MethodOn = { kind: MethodKind; isDefault: boolean; blockedAt: number | null };

/** Every way that can work for this person now, in the order to offer them. A blocked method takes no codes. */
export function waysThatWork(
	methods: readonly MethodOn[],
	has: { recoveryCode: boolean; temporaryCode: boolean },
): Way[] {
	const open: Way[] = methods.filter((method) => method.blockedAt === null).map((method) => method.kind);
	if (has.recoveryCode) open.push("recovery-code");
	if (has.temporaryCode) open.push("temporary-code");
	return open;
}

/** What is left of them while no code of a method is looked at, after too many wrong ones. */
export function besidesMethods(ways: readonly Way[]): Way[] {
	return ways.filter((way) => way === "recovery-code" || way === "temporary-code");
}

/** The same ways with the one just left at the end: who asks for another way means the others. */
export function othersFirst(ways: readonly Way[], left: Way | undefined): Way[] {
	return [...ways.filter((way) => way !== left), ...ways.filter((way) => way === left)];
}

/**
 * The method to ask for: the one that was chosen, else the default, else another that works.
 *
 * @returns undefined when every method is blocked: it still counts as on, and another way has to do
 */
export function methodToAsk<M extends MethodOn>(
	methods: readonly M[],
	chosen: MethodKind | null,
): M | undefined {
	const open = methods.filter((method) => method.blockedAt === null);
	return open.find((method) => method.kind === chosen) ?? open.find((method) => method.isDefault) ?? open[0];
}
