/** What a text message is about. The outbox, the activity log and a dead message show it. */
export type TextKind = "sign-in-code" | "set-up-code" | "asking-again-code";
