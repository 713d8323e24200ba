import type { FastifyBaseLogger } from "fastify";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Hasher } from "./crypto/hasher.ts";
import type { Db } from "./db/connect.ts";

/** What the parts are given by the composition root, as an argument. */
export type Deps = Readonly<{
	config: Config;
	db: Db;
	clock: Clock;
	hasher: Hasher;
	log: FastifyBaseLogger;
}>;
