/** Everything that must hold before a change goes in, in order; stops at the first thing that does not. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "vestibule-test-"));
const counted = join(folder, "counts.json");

step("The system's programs are there", "node", "scripts/system-programs.ts");
step("The types fit", "npm", "run", "-s", "types");
step("The code is in order and in its place", "npm", "run", "-s", "lint");
step("It builds", "npm", "run", "-s", "build");
process.env.BUILT_MAIN = "dist/main.js";
const failure = run("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${counted}`);
const { passed, failed, skipped } = counts();
rmSync(folder, { recursive: true });

if (failure) console.error(`\nStopped: the tests on SQLite and on PostgreSQL ${failure}.`);
else if (skipped > 0) console.error(`\nStopped: ${skipped} tests were skipped, and none may be.`);
else if (passed === 0) console.error("\nStopped: no test ran.");
console.log(`\n${passed} passed, ${failed} failed`);
if (failure || failed > 0 || skipped > 0 || passed === 0) process.exit(1);

function step(whatMustHold: string, ...command: [string, ...string[]]): void {
	console.log(`\n${whatMustHold}: ${command.join(" ")}`);
	const failure = run(...command);
	if (failure === undefined) return;
	console.error(`\nStopped before any test ran: \`${command.join(" ")}\` ${failure}.`);
	rmSync(folder, { recursive: true });
	process.exit(1);
}

/** Runs a command with its output in sight. @returns how it failed, as the end of a sentence */
function run(program: string, ...words: string[]): string | undefined {
	const { status, signal, error } = spawnSync(program, words, { stdio: ["ignore", "inherit", "inherit"] });
	if (error) return `could not be started (${error.message})`;
	if (signal) return `were ended by ${signal}`;
	return status === 0 ? undefined : `failed (exit ${status})`;
}

function counts(): { passed: number; failed: number; skipped: number } {
	try {
		const report = JSON.parse(readFileSync(counted, "utf8"));
		const { numPassedTests: passed, numFailedTests: failed } = report;
		// A file that cannot even be read holds no test that could fail.
		const unread = report.testResults.filter(
			(file: { status: string; assertionResults: unknown[] }) =>
				file.status === "failed" && file.assertionResults.length === 0,
		).length;
		return { passed, failed: failed + unread, skipped: report.numPendingTests + report.numTodoTests };
	} catch {
		return { passed: 0, failed: 0, skipped: 0 };
	}
}
