/** Thrown in a transaction: the sign-in ended in the moment between, so nothing of the write stays, nor is spent. */
export class SignInEnded extends Error {
	override name = "SignInEnded";
}

/** What the transaction answers then. @throws Error any other one again */
export function overIfEnded(error: unknown): { kind: "over" } {
	if (error instanceof SignInEnded) return { kind: "over" };
	throw error;
}
