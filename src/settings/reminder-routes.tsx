import type { Deps } from "../deps.ts";
import { sendReminder, sendReminderToAll } from "../enforcement/send-reminder.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { goTo } from "../web/answer.ts";
import { errorPage } from "../web/error-pages.tsx";
import type { Web } from "../web/server.tsx";
import { backFromReminder } from "./reminder-news.ts";

/** **Send reminder**, to one colleague or to all who have not set it up. */
export function reminderRoutes(web: Web, deps: Deps): void {
	web.post(
		paths.sendReminder,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const { profile: by } = visit.session;
			const profileId = visit.form.text("profile");
			const outcome =
				profileId === ""
					? await sendReminderToAll(deps, visit, by)
					: await sendReminder(deps, visit, by, profileId);
			if (outcome === "nobody-there") return errorPage(visit, 404);
			if (outcome === "may-not") return goTo(paths.home);
			return goTo(backFromReminder(visit.form.text("from"), outcome, profileId));
		}),
	);
}
