import { accessSync, constants, globSync, readFileSync, statfsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { HeaviestFirst } from "./test/harness/heaviest-first.ts";

/** Without the long runs of vitest.torture.config.ts. */
const tests = globSync(["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"], {
	exclude: ["test/torture/**"],
});
/** What opens a database gets it from the harness, and runs once for each engine; the rest runs once. */
const needsDatabase = (file: string) =>
	/from "(?:\.|.*\/harness)\/(?:app|database|stage)\.ts"/.test(readFileSync(file, "utf8"));
const perEngine = tests.filter(needsDatabase);
const once = tests.filter((file) => !perEngine.includes(file));
/** It looks at what pages look like, for a minute; that does not depend on the engine. */
const looksOnly = (file: string) => file.endsWith("/axe.test.ts");

/** Where databases need no disk: none of these tests is about what a loss of power leaves. */
if (hasRoom("/dev/shm")) process.env.TEST_FOLDER ??= "/dev/shm";

const project = (name: string, include: string[], engine: string) => ({
	extends: true as const,
	test: { name, include, env: { TEST_ENGINE: engine } },
});
const postgres = project(
	"postgres",
	perEngine.filter((file) => !looksOnly(file)),
	"postgres",
);

/** Everything that opens a database runs on both engines, unless TEST_ENGINE=sqlite or TEST_ENGINE=postgres asks for one. */
export default defineConfig({
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	test: {
		maxWorkers: 2,
		// Reading everything anew for each file took a third of the time; what is kept between files are caches.
		isolate: false,
		sequence: { sequencer: HeaviestFirst },
		testTimeout: 300_000,
		hookTimeout: 300_000,
		projects: [
			project("once", once, "none"),
			project("sqlite", perEngine, "sqlite"),
			{ ...postgres, test: { ...postgres.test, globalSetup: "test/harness/global-setup.ts" } },
		].filter(({ test }) => test.name === "once" || (process.env.TEST_ENGINE ?? test.name) === test.name),
	},
});

/** Whether it can be written to, and there is more than all databases of a run take. */
function hasRoom(folder: string): boolean {
	try {
		accessSync(folder, constants.W_OK);
		const { bavail, bsize } = statfsSync(folder);
		return bavail * bsize > 2 ** 30;
	} catch {
		return false;
	}
}
