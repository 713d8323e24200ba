import { during } from "../activity/during.ts";
import { EXPORT_FORMATS } from "../activity/export.ts";
import { recordEvent } from "../activity/record.ts";
import { localDay } from "../clinics/local-time.rule.ts";
import { recordTaken } from "../colleagues/record-taken.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { insideFullAccess } from "../second-step/proven-session.tsx";
import { insideSession, type SessionVisit } from "../sessions/gate.tsx";
import { type Answer, download, goTo, page } from "../web/answer.ts";
import type { Fields } from "../web/fields.ts";
import type { Web } from "../web/server.tsx";
import { ActivityPageView, OwnActivityPage } from "./pages.tsx";
import { readActivityPage, readChoices } from "./read-page.ts";
import { isNarrowed, type Understood, understand, understandOwn } from "./wanted.ts";
import { writeActivity } from "./write-file.ts";

/** What happened, to read and to keep: the clinic's for Full Access users, and one's own for everybody. */
export function activityRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.activity,
		insideFullAccess(deps, "GET", "nothing", async (visit) =>
			showActivity(visit, await understand(deps.db, visit, visit.query), visit.query),
		),
	);

	// It writes down who took it with them, so that it is asked for by a form.
	web.post(
		paths.activityDownload,
		insideFullAccess(deps, "POST", "nothing", async (visit) => {
			const understood = await understand(deps.db, visit, visit.form);
			if (understood.errors.length > 0) return showActivity(visit, understood, visit.form);
			return giveFile(visit, understood, "clinic");
		}),
	);

	web.get(
		paths.ownActivity,
		insideSession(deps, "GET", async (visit) =>
			showOwn(visit, understandOwn(visit, visit.query, visit.session.profile.profileId), visit.query),
		),
	);

	web.post(
		paths.ownActivityDownload,
		insideSession(deps, "POST", async (visit) => {
			const understood = understandOwn(visit, visit.form, visit.session.profile.profileId);
			if (understood.errors.length > 0) return showOwn(visit, understood, visit.form);
			return giveFile(visit, understood, "own");
		}),
	);

	async function showActivity(visit: SessionVisit, understood: Understood, query: Fields): Promise<Answer> {
		const list = await readActivityPage(deps, visit, { base: paths.activity, understood, query });
		const choices = await readChoices(deps, visit.clinic.clinicId);
		return page(visit, <ActivityPageView {...{ list, choices }} />, statusOf(understood));
	}

	async function showOwn(visit: SessionVisit, understood: Understood, query: Fields): Promise<Answer> {
		const list = await readActivityPage(deps, visit, { base: paths.ownActivity, understood, query });
		return page(visit, <OwnActivityPage list={list} />, statusOf(understood));
	}

	async function giveFile(
		visit: SessionVisit,
		{ wanted, search }: Understood,
		whose: "clinic" | "own",
	): Promise<Answer> {
		const { clinic, now, form } = visit;
		const { profileId } = visit.session.profile;
		const format = EXPORT_FORMATS.find((each) => each === form.text("format")) ?? "csv";
		const taken = { kind: "activity-exported", detail: { as: format, whose } } as const;
		if (whose === "clinic") {
			if (!(await recordTaken(deps, visit, taken))) return goTo(paths.home);
		} else {
			const own = { ...during(visit, profileId, profileId), ...taken };
			await inTransaction(deps.db, (tx) => recordEvent(tx, deps.config.keyring, own));
		}
		const isWhole = whose === "clinic" && !isNarrowed(wanted);
		const pieces = writeActivity(deps.db, visit, isWhole ? undefined : search, format);
		const name = `activity-${clinic.shortName}-${localDay(now, clinic.timeZone)}.${format}`;
		return download({ pieces }, TYPES[format], name);
	}
}

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" };

function statusOf({ errors }: Understood): number {
	return errors.length > 0 ? 422 : 200;
}
