import { localDay } from "../clinics/local-time.rule.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { download, goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { makeReport } from "./make-report.ts";
import { ReportPage } from "./report-page.tsx";

/** The report for an auditor or insurer: for Full Access users. */
export function reportRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.report,
		insideFullAccess(deps, "GET", "nothing", async (visit) => page(visit, <ReportPage />)),
	);

	// It writes down who took it with them, so that it is asked for by a form.
	web.post(
		paths.report,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const { clinic, now } = visit;
			const pdf = await makeReport(deps, visit);
			if (!pdf) return goTo(paths.home);
			const day = localDay(now, clinic.timeZone);
			return download(pdf, "application/pdf", `2-step-verification-${clinic.shortName}-${day}.pdf`);
		}),
	);
}
