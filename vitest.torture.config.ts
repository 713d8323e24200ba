import { defineConfig } from "vitest/config";

const project = (engine: "sqlite" | "postgres") => ({
	extends: true as const,
	test: {
		name: engine,
		include: ["test/torture/**/*.test.ts"],
		env: { TEST_ENGINE: engine },
		globalSetup: engine === "postgres" ? "test/harness/global-setup.ts" : [],
	},
});

/** The long runs: kills and loads. On both engines, unless TEST_ENGINE=sqlite or TEST_ENGINE=postgres asks for one. */
export default defineConfig({
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	test: {
		maxWorkers: 1,
		testTimeout: 1_800_000,
		hookTimeout: 60_000,
		disableConsoleIntercept: true,
		projects: [project("sqlite"), project("postgres")].filter(
			({ test }) => (process.env.TEST_ENGINE ?? test.name) === test.name,
		),
	},
});
