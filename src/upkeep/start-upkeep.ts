import { hours, minutes } from "../clock.ts";
import type { Deps } from "../deps.ts";
import { forgetShownCodes, forgetWhatIsOver } from "./forget.ts";
import { forgetOldActivity } from "./forget-old-activity.ts";
import { logLatestActivity } from "./log-latest-activity.ts";
import { orderNames } from "./order-names.ts";
import { warnOfUnusedCodes } from "./warn-of-unused-codes.ts";

type Needs = Pick<Deps, "db" | "config" | "clock" | "log">;

export type Upkeep = {
	/** Begins nothing more, and ends when what is under way is finished. */
	stop(): Promise<void>;
};

/**
 * Does what is due by time alone: every minute, and every hour. Any number of processes may do it at once. What goes
 * wrong is logged and tried again the next time.
 */
export function startUpkeep(needs: Needs): Upkeep {
	const everyMinute = repeat(minutes(1), () => attempt(needs, forgetShownCodes));
	const everyHour = repeat(hours(1), () => hourly(needs));
	return {
		async stop() {
			await Promise.all([everyMinute.stop(), everyHour.stop()]);
		},
	};
}

/** All of it, once. */
export async function upkeepOnce(needs: Needs): Promise<void> {
	await attempt(needs, forgetShownCodes);
	await hourly(needs);
}

async function hourly(needs: Needs): Promise<void> {
	await attempt(needs, orderNames);
	await attempt(needs, forgetWhatIsOver);
	await attempt(needs, forgetOldActivity);
	await attempt(needs, logLatestActivity);
	await attempt(needs, warnOfUnusedCodes);
}

async function attempt(needs: Needs, work: (needs: Needs) => Promise<void>): Promise<void> {
	try {
		await work(needs);
	} catch (error) {
		const text = error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
		needs.log.error({ error: text, work: work.name }, "the upkeep could not be done");
	}
}

/** Works at once and then again and again, each pause beginning when the work has ended. */
function repeat(pauseMs: number, work: () => Promise<void>): Upkeep {
	let timer: NodeJS.Timeout | undefined;
	let isStopping = false;
	const round = async (): Promise<void> => {
		await work();
		if (isStopping) return;
		timer = setTimeout(() => {
			underWay = round();
		}, pauseMs);
		// The process may end between two rounds.
		timer.unref();
	};
	let underWay = round();
	return {
		async stop() {
			isStopping = true;
			clearTimeout(timer);
			await underWay;
		},
	};
}
