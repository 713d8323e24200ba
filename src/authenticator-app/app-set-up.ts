import type { SetUp } from "../methods/set-up.rule.ts";

/** A set-up of an authenticator app. */
export type AppSetUp = SetUp & { sealedSecret: string };
