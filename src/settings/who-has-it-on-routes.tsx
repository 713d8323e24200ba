import { localDay } from "../clinics/local-time.rule.ts";
import { recordTaken } from "../colleagues/record-taken.ts";
import { sendsEmails } from "../delivery/sends-emails.ts";
import type { Deps } from "../deps.ts";
import { countWhoHasItOn } from "../enforcement/store.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { download, goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { readReminderNews } from "./reminder-news.ts";
import { readStaffPage, readWho } from "./who-has-it-on.ts";
import { writeWhoHasItOn } from "./who-has-it-on-csv.ts";
import { WhoHasItOnPage } from "./who-has-it-on-page.tsx";

/** Who has it on, as a list to look at and as one to keep: for Full Access users. */
export function whoHasItOnRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.whoHasItOn,
		insideFullAccess(deps, "GET", "nothing", async (visit) => {
			const { clinicId } = visit.clinic;
			const counted = await countWhoHasItOn(deps.db, clinicId);
			const list = await readStaffPage(deps, clinicId, visit.query);
			const news = await readReminderNews(deps, visit);
			return page(visit, <WhoHasItOnPage {...{ counted, list, news, sendsEmails: sendsEmails(deps) }} />);
		}),
	);

	// It writes down who took the list with them, so that it is asked for by a form.
	web.post(
		paths.whoHasItOnCsv,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const { clinic, words, now } = visit;
			const csv = await writeWhoHasItOn(deps.db, clinic, readWho(visit.form), words);
			const taken = { kind: "security-report-made", detail: { as: "csv" } } as const;
			if (!(await recordTaken(deps, visit, taken))) return goTo(paths.home);
			const day = localDay(now, clinic.timeZone);
			return download(csv, "text/csv; charset=utf-8", `who-has-it-on-${clinic.shortName}-${day}.csv`);
		}),
	);
}
