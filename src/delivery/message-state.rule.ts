/** What became of a message, as far as anybody knows. */
export type MessageState = {
	/**
	 * - `waiting`: no provider has it yet
	 * - `sent`: a provider took it
	 * - `delivered`: the carrier says that it reached the phone
	 * - `failed`: it will not arrive
	 * - `dropped`: it never left, and is of no use any more
	 */
	state: "waiting" | "sent" | "delivered" | "failed" | "dropped";
	/** The provider that took it. */
	provider: string | undefined;
	/** Why it failed or was dropped. */
	why?: "number-cannot-receive" | "carrier" | "expired" | "providers";
};

/** Why it was given up, and why a carrier could not deliver it. */
type WhyDead = "expired" | "providers" | "number-cannot-receive";
type WhyUndelivered = "carrier" | "number-cannot-receive";

type Message = { state: "waiting" | "sent" | "dead"; provider: string | null; why: WhyDead | null };
type Receipt = { provider: string; state: "sent" | "failed" | "delivered"; why: WhyUndelivered | null };

/**
 * The one true state, whatever the order and number of receipts.
 *
 * @param receipts the furthest that each provider reported: when one did not answer in time, two may have the message
 */
export function stateOfMessage(message: Message, receipts: readonly Receipt[]): MessageState {
	const delivered = receipts.find(({ state }) => state === "delivered");
	if (delivered) return { state: "delivered", provider: delivered.provider };
	const onItsWay = receipts.find(({ state }) => state === "sent");
	const provider = message.provider ?? onItsWay?.provider;
	if (onItsWay) return { state: "sent", provider };
	if (message.state === "waiting") return { state: "waiting", provider };
	if (message.state === "dead") {
		const why = message.why ?? "providers";
		return { state: why === "expired" ? "dropped" : "failed", provider, why };
	}
	const failed = receipts.find((receipt) => receipt.provider === provider);
	if (!failed) return { state: "sent", provider };
	return { state: "failed", provider, why: failed.why ?? "carrier" };
}
