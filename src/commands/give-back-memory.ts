import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seconds } from "../clock.ts";

/** By then whoever started it has seen the first page. */
const AFTER_MS = seconds(2);

type CollectGarbage = (how: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

/**
 * Once, soon after the start, gives the memory back that only starting needed, about a fifth of the process: V8 keeps
 * it ready for as long as nobody else on the machine asks. It takes about a tenth of a second, and nothing is lost.
 */
export function giveBackMemory(): void {
	setTimeout(() => {
		setFlagsFromString("--expose-gc");
		const collectGarbage: CollectGarbage = runInNewContext("gc");
		setFlagsFromString("--no-expose-gc");
		collectGarbage({ type: "major", execution: "sync", flavor: "last-resort" });
	}, AFTER_MS).unref();
}
