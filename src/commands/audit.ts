import { AUDIT_HELP, auditCommand } from "../activity/command.ts";
import { open } from "./open.ts";
import { asksForHelp } from "./options.ts";

/** `vestibule audit …`: what it does stands with what it checks. */
export async function audit(args: string[]): Promise<number> {
	if (args.length === 0 || asksForHelp(args)) {
		console.log(AUDIT_HELP);
		return 0;
	}
	await using opened = await open();
	// Awaited here: the database closes when this returns.
	return await auditCommand(args, { ...opened, out: process.stdout });
}
