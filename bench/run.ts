/** Measures the speed and size that must hold. README.md says what each line is and how it is measured. */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { engines } from "./databases.ts";
import { measureEngine, parts } from "./engine.ts";
import { table } from "./report.ts";

const { values } = parseArgs({
	options: {
		rounds: { type: "string", default: "10" },
		engine: { type: "string" },
		only: { type: "string" },
	},
});
const rounds = Number(values.rounds);
const asked = engines.filter((engine) => values.engine === undefined || engine === values.engine);
const askedParts = parts.filter((part) => values.only === undefined || part === values.only);
if (!Number.isInteger(rounds) || rounds < 1 || asked.length === 0 || askedParts.length === 0) {
	console.error(`npm run bench -- [--rounds 10] [--engine ${engines.join("|")}] [--only ${parts.join("|")}]`);
	process.exit(2);
}

let isOver = false;
for (const engine of asked) {
	const loadBefore = load();
	const lines = await measureEngine(engine, rounds, askedParts);
	console.log(
		`\n${engine}, ${rounds} rounds; load average ${loadBefore} before, ${load()} after\n${table(lines)}`,
	);
	isOver ||= lines.some(({ outcome }) => outcome === "over");
}
process.exitCode = isOver ? 1 : 0;

function load(): string {
	return loadavg()[0]?.toFixed(1) ?? "";
}
