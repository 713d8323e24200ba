/** better-auth with its own two-factor plugin, set up as its documentation has it, for `second-step.ts`. */
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { twoFactor } from "better-auth/plugins";
import pg from "pg";

export const SECRET = "a secret for measuring and for nothing else";

/** @param databaseUrl as `DATABASE_URL` of Vestibule has it */
export function openBetterAuth(databaseUrl: string, origin: string) {
	return betterAuth({
		appName: "Bench",
		baseURL: origin,
		secret: SECRET,
		database: databaseUrl.startsWith("sqlite:")
			? sqlite(databaseUrl.slice("sqlite:".length))
			: // As many connections as Vestibule has.
				new pg.Pool({ connectionString: databaseUrl, max: 10 }),
		emailAndPassword: {
			enabled: true,
			// Preparing people must not take minutes; the second step hashes nothing.
			password: {
				hash: async (password) => password,
				verify: async ({ hash, password }) => hash === password,
			},
		},
		plugins: [twoFactor()],
		rateLimit: { enabled: false },
		telemetry: { enabled: false },
		logger: { level: "error" },
	});
}

/** As durable as Vestibule's, and in the mode that is quickest for it too. */
function sqlite(file: string): DatabaseSync {
	const database = new DatabaseSync(file);
	database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
	return database;
}
