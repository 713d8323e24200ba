import type { Deps } from "../deps.ts";

/** Whether emails leave this server at all; the demo shows them in its inbox. */
export function sendsEmails({ config }: Pick<Deps, "config">): boolean {
	return config.smtpUrl !== undefined || config.demo;
}
