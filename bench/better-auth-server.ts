/** better-auth as a process of its own: `node better-auth-server.ts <database> <port> <origin>`. */
import { createServer } from "node:http";
import { toNodeHandler } from "better-auth/node";
import { openBetterAuth } from "./better-auth.ts";

const [, , databaseUrl = "", port = "", origin = ""] = process.argv;
createServer(toNodeHandler(openBetterAuth(databaseUrl, origin))).listen(Number(port), "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));
