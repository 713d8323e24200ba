/** A process that does nothing but compare one password with its hash: so often, and so many at once, as it is told. */
import { verify } from "@node-rs/argon2";
import { atOnce } from "./at-once.ts";

export type Order = { password: string; hash: string; times: number; atOnce: number };

process.on("message", async (order: Order) => {
	await atOnce(order.atOnce, Array(order.times).fill(order.hash), async (hash: string) => {
		if (!(await verify(hash, order.password))) throw new Error("The password does not match");
	});
	process.send?.("done");
});
process.send?.("ready");
