import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { InboxPage } from "./inbox-pages.tsx";
import { listInboxMessages, listInboxRecipients } from "./store.ts";

/** The page with every message the demo sent. Without the demo there is no such page. */
export function demoInboxRoutes(web: Web, { config, db }: Deps): void {
	if (!config.demo) return;

	web.get(paths.demoInbox, async (visit) => {
		const { clinicId } = visit.clinic;
		const recipient = visit.query.text("to") || undefined;
		const messages = await listInboxMessages(db, clinicId, recipient);
		const recipients = await listInboxRecipients(db, clinicId);
		return page(visit, <InboxPage messages={messages} recipients={recipients} recipient={recipient} />);
	});
}
