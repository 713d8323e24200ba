#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node could not even read it.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
	console.error(`Vestibule needs Node 24 or later, and this is ${process.versions.node}.`);
	process.exit(1);
}
// Whoever reads along may have enough before the end, as `head` has: what is done is done all the same.
process.stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
	if (code !== "EPIPE") console.error(`Not all of it could be written (${message}).`);
});
const { run } = await import("./commands/run.ts");
process.exitCode = await run(process.argv.slice(2));

export {};
