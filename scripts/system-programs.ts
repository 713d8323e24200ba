/**
 * Sees to the programs that the tests need from the system: on Debian as root it installs those that are missing, or
 * there in another form than is preferred.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findProgram, isAsPreferred, type ProgramName, programs } from "../test/harness/find-program.ts";

const names = Object.keys(programs) as ProgramName[];
const packagesOf = (some: ProgramName[]) => some.flatMap((name) => programs[name].debianPackages);

const wanted = names.filter((name) => !isAsPreferred(name));
const canInstall = existsSync("/etc/debian_version") && process.getuid?.() === 0;
if (wanted.length > 0 && canInstall) {
	console.log(`Installing ${packagesOf(wanted).join(", ")}`);
	// The package lists of a fresh machine are old or not there at all.
	apt("update", "-qq");
	apt("install", "-y", "-qq", "--no-install-recommends", ...packagesOf(wanted));
}
// Another form of it does as well.
const missing = names.filter((name) => findProgram(name) === undefined);
if (missing.length > 0) {
	const debian = `on Debian: apt-get install ${packagesOf(missing).join(" ")}`;
	console.error(`The tests need ${missing.join(", ")}, which this system has not got (${debian}).`);
	process.exit(1);
}

function apt(...words: string[]): void {
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	spawnSync("apt-get", words, { env, stdio: ["ignore", "inherit", "inherit"] });
}
