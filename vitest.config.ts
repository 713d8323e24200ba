import { globSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

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
		testTimeout: 300_000,
		hookTimeout: 300_000,
		projects: [
			project("once", once, "none"),
			project("sqlite", perEngine, "sqlite"),
			{ ...postgres, test: { ...postgres.test, globalSetup: "test/harness/global-setup.ts" } },
		].filter(({ test }) => test.name === "once" || (process.env.TEST_ENGINE ?? test.name) === test.name),
	},
});
