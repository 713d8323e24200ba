import type { MethodKind } from "../db/tables.ts";

/** Every kind of method, in the order in which they are shown and offered: the recommended one first. */
export const METHOD_KINDS: readonly MethodKind[] = ["authenticator-app", "text-message"];
