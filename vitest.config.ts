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
/**
 * What pages look like, what browsers do with them, and which address lets whom in do not depend on the engine; what is
 * kept by them is tested on both elsewhere. Whatever happens at the same moment, or fails halfway, is tried on both.
 */
const ON_SQLITE_ONLY = [
	"src/web/comfort.test.ts",
	"src/web/signs-out.test.ts",
	"src/web/top-bar.test.ts",
	"test/bypasses/every-route-has-its-guard.test.ts",
	"test/bypasses/forced-set-up-skipped-by-another-page.test.ts",
	"test/bypasses/thieves.test.ts",
	"test/every-page/another-site.test.ts",
	"test/every-page/axe.test.ts",
	"test/every-page/headers.test.ts",
	"test/journeys/a-clinic-requires-it.test.ts",
	"test/journeys/enforcement-settings-in-a-browser.test.ts",
	"test/journeys/forced-set-up-in-a-browser.test.ts",
	"test/journeys/report-in-a-browser.test.ts",
	"test/journeys/trusted-browser-in-a-browser.test.ts",
];
/** What strangers send is tried where the database takes less: PostgreSQL refuses characters that SQLite keeps. */
const ON_POSTGRES_ONLY = ["test/every-page/every-form.test.ts", "test/every-page/hostile-input.test.ts"];

/** Where databases need no disk: none of these tests is about what a loss of power leaves. */
if (hasRoom("/dev/shm")) process.env.TEST_FOLDER ??= "/dev/shm";

const project = (name: string, include: string[], engine: string) => ({
	extends: true as const,
	test: { name, include, env: { TEST_ENGINE: engine } },
});
const sqlite = project(
	"sqlite",
	perEngine.filter((file) => !ON_POSTGRES_ONLY.includes(file)),
	"sqlite",
);
const postgres = project(
	"postgres",
	perEngine.filter((file) => !ON_SQLITE_ONLY.includes(file)),
	"postgres",
);

/** Everything else that opens a database runs on both engines, unless TEST_ENGINE=sqlite or TEST_ENGINE=postgres asks for one. */
export default defineConfig({
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	test: {
		// One more than cores there must be: while one waits for a browser or a database, another computes.
		maxWorkers: 3,
		// Reading everything anew for each file took a third of the time; what is kept between files are caches.
		isolate: false,
		sequence: { sequencer: HeaviestFirst },
		testTimeout: 300_000,
		hookTimeout: 300_000,
		projects: [
			project("once", once, "none"),
			sqlite,
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
