/** Sees to the programs that the tests need from the system: on Debian as root it installs those that are missing. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { findProgram, type ProgramName, programs } from "../test/harness/find-program.ts";

const missing = () =>
	(Object.keys(programs) as ProgramName[]).filter((name) => findProgram(name) === undefined);
const packages = () => missing().flatMap((name) => programs[name].debianPackages);

const canInstall = existsSync("/etc/debian_version") && process.getuid?.() === 0;
if (missing().length > 0 && canInstall) {
	console.log(`Installing ${packages().join(", ")}`);
	// The package lists of a fresh machine are old or not there at all.
	apt("update", "-qq");
	apt("install", "-y", "-qq", "--no-install-recommends", ...packages());
}
if (missing().length > 0) {
	const debian = `on Debian: apt-get install ${packages().join(" ")}`;
	console.error(`The tests need ${missing().join(", ")}, which this system has not got (${debian}).`);
	process.exit(1);
}

function apt(...words: string[]): void {
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	spawnSync("apt-get", words, { env, stdio: ["ignore", "inherit", "inherit"] });
}
