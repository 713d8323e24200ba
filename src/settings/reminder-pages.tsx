import { paths } from "../paths.ts";
import { Notice, PostButton } from "../web/controls.tsx";
import { usePage } from "../web/page-frame.tsx";
import type { ReminderNews } from "./reminder-news.ts";

/** What **Send reminder** did, on the page it was pressed on. @param news from `readReminderNews`; undefined draws nothing */
export function ReminderNotice({ news }: { news: ReminderNews | undefined }) {
	const { words, clinic } = usePage();
	const { reminders } = words;
	switch (news?.kind) {
		case undefined:
			return null;
		case "sent":
			return <Notice kind="success">{reminders.sent(news.name)}</Notice>;
		case "on-their-way":
			return <Notice kind="success">{reminders.onTheirWay(news.people)}</Notice>;
		case "under-way":
			return <Notice kind="info">{reminders.underWay}</Notice>;
		case "waits":
			return (
				<Notice kind="warning">{reminders.waits(news.name, news.per, news.until, clinic.timeZone)}</Notice>
			);
		case "has-it-on":
			return <Notice kind="info">{reminders.hasItOn(news.name)}</Notice>;
		case "deactivated":
			return <Notice kind="info">{reminders.deactivated(news.name)}</Notice>;
		case "everybody-has-it-on":
			return <Notice kind="info">{reminders.everybodyHasItOn}</Notice>;
		case "off":
			return <Notice kind="warning">{reminders.off(clinic.name)}</Notice>;
	}
}

/**
 * **Send reminder** for one person, or for all who have not set it up. It leads back to the page it stands on:
 * `paths.enforcement`, `paths.security` or `paths.whoHasItOn`, its query kept.
 *
 * @param profile whom to remind; all without it
 */
export function SendReminder({ profile }: { profile?: { profileId: string } }) {
	const { words, path } = usePage();
	return (
		<PostButton
			action={paths.sendReminder}
			label={profile ? words.reminders.send : words.reminders.sendToAll}
			fields={{ from: path, ...(profile && { profile: profile.profileId }) }}
		/>
	);
}
