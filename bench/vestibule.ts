import { CompiledQuery } from "kysely";
import { connect } from "../src/db/connect.ts";
import { paths } from "../src/paths.ts";
import { freePort } from "../test/harness/free-port.ts";
import { startChild } from "./child.ts";
import { KEYS } from "./clinic-of-many.ts";
import { type CpuReading, readCpu } from "./cpu.ts";
import { type Site, siteAt } from "./http.ts";
import { untilItAnswers } from "./until-it-answers.ts";

export const HOST = "sign-in.clinic.example";
/** Where a finished sign-in leads: the clinic's software. */
export const HOME = "/app";

/** There is one in service. A sign-in that surprises nobody sends it nothing, and none listens here. */
const NO_MAIL_SERVER = "smtp://127.0.0.1:9";

/** `vestibule serve` as it runs in service, in front of it the load as a trusted proxy. */
export type Vestibule = {
	site: Site;
	pid: number;
	/** From the start of the process to the last byte of the first page. */
	firstPageMs: number;
	/** The CPU time of its process, and of those that serve it in PostgreSQL. */
	cpu: () => Promise<{ process: CpuReading; database: CpuReading }>;
	stop: () => Promise<void>;
};

export async function startVestibule(
	databaseUrl: string,
	{ clinics = "one", smtpUrl = NO_MAIL_SERVER } = {},
): Promise<Vestibule> {
	const port = await freePort();
	const site = siteAt(port, `https://${HOST}`);
	const startedAt = performance.now();
	const environment = environmentOf({ databaseUrl, port, clinics, smtpUrl });
	const child = startChild("../dist/main.js", ["serve"], environment);
	await untilItAnswers(site, paths.signIn, child);
	return {
		site,
		pid: child.pid,
		firstPageMs: performance.now() - startedAt,
		cpu: async () => ({
			process: readCpu([child.pid]),
			database: readCpu(await processesOf(databaseUrl)),
		}),
		async stop() {
			site.agent.destroy();
			await child.stop();
		},
	};
}

/** Everything that `vestibule serve` is told. */
export function environmentOf(server: {
	databaseUrl: string;
	port: number;
	clinics: string;
	smtpUrl?: string;
}) {
	return {
		DATABASE_URL: server.databaseUrl,
		PORT: String(server.port),
		VESTIBULE_URL: `https://${HOST}`,
		VESTIBULE_HOME: HOME,
		VESTIBULE_CLINICS: server.clinics,
		VESTIBULE_KEYS: KEYS,
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		SMTP_URL: server.smtpUrl ?? NO_MAIL_SERVER,
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_TRUSTED_PROXIES: "127.0.0.1",
		VESTIBULE_LOG_LEVEL: "silent",
	};
}

/** The same server, as the site of one of its many clinics. */
export function siteOfClinic({ site }: Vestibule, shortName: string): Site {
	return { ...site, origin: `https://${shortName}.${HOST}` };
}

/** PostgreSQL has a process for each connection to a database. SQLite has none of its own. */
async function processesOf(databaseUrl: string): Promise<number[]> {
	if (databaseUrl.startsWith("sqlite:")) return [];
	const db = connect(databaseUrl);
	const query = CompiledQuery.raw("select pid from pg_stat_activity where datname = current_database()");
	const { rows } = await db.executeQuery<{ pid: number }>(query).finally(() => db.destroy());
	return rows.map(({ pid }) => pid);
}
