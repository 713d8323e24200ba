import { paths } from "../paths.ts";
import { ButtonLink, Form } from "../web/controls.tsx";
import { SettingsLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";

/** What the report holds, before one takes it. */
export function ReportPage() {
	const { report, security } = useWords();
	return (
		<SettingsLayout title={report.pageTitle} current="security" lead={report.pageLead}>
			<section aria-labelledby="holds">
				<h2 id="holds">{report.holdsTitle}</h2>
				<ul>
					{report.holds.map((part) => (
						<li key={part}>{part}</li>
					))}
				</ul>
			</section>
			<p>{report.personal}</p>
			<Form
				action={paths.report}
				submit={report.download}
				beside={<ButtonLink href={paths.whoHasItOn}>{security.seeWho}</ButtonLink>}
				download
			/>
		</SettingsLayout>
	);
}
