import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { seconds } from "../../clock.ts";
import type { Db } from "../../db/connect.ts";
import { readDatabaseFacts } from "../../db/facts.ts";
import { type Finding, fine, note, wrong } from "./finding.ts";

/** This version did not exist before. */
const EARLIEST = Date.UTC(2026, 0, 1);
/** A code lasts 30 seconds, and phones are a little off as well. */
const MOST_APART_MS = seconds(5);

/** Whether the clock can be right: authenticator codes are made of the time. */
export async function checkClock(db: Db | undefined, now: number): Promise<Finding> {
	const time = new Date(now).toISOString();
	const mend = "Turn on time synchronization: timedatectl set-ntp true";
	if (now < EARLIEST) return wrong(`This machine's clock says ${time}, which is long past. ${mend}`);
	const databaseNow = db && (await readDatabaseFacts(db)).now;
	const apartMs = databaseNow === undefined ? 0 : Math.abs(databaseNow - now);
	if (apartMs > MOST_APART_MS) {
		return wrong(
			`The clocks of this machine and of the database are ${Math.round(apartMs / 1000)} seconds apart. ${mend}`,
		);
	}
	return (await isSynchronized()) === false
		? note(`This machine says that its clock (${time}) is not synchronized. ${mend}`)
		: fine(`The clock says ${time}.`);
}

/** What systemd knows; undefined where there is none. */
async function isSynchronized(): Promise<boolean | undefined> {
	try {
		const words = ["show", "--property=NTPSynchronized", "--value"];
		const { stdout } = await promisify(execFile)("timedatectl", words, { timeout: seconds(5) });
		return { yes: true, no: false }[stdout.trim()];
	} catch {
		return undefined;
	}
}
