import { paths } from "../../src/paths.ts";
import type { App } from "../harness/app.ts";
import type { Browser } from "../harness/browser.ts";
import type { Page } from "../harness/page.ts";

/** Where **This wasn't me** leads in the latest email to an address that has the button. @param subject of that email */
export async function notMeLink(app: App, to: string, subject = ""): Promise<string> {
	const emails = (await app.inbox.all(to)).filter((email) => email.subject.startsWith(subject));
	const link = emails
		.flatMap(({ links }) => links.filter((each) => each.includes(paths.notMe.to(""))))
		.at(-1);
	if (link === undefined) throw new Error(`No email to ${to} has the button`);
	return link;
}

/** Opens the link and chooses **This wasn't me** on its page. */
export async function saysNotMe(browser: Browser, link: string): Promise<Page> {
	return (await browser.openFromEmail(link)).submit({}, "This wasn't me");
}

/** The link to choose a new password that came with it, from the mailbox. */
export async function passwordLinkAfter(app: App, to: string): Promise<string> {
	const { links } = await app.inbox.latest(to);
	const link = links.find((each) => each.includes(paths.setPassword.to("")));
	if (link === undefined) throw new Error(`The latest email to ${to} holds no link to set a password`);
	return link;
}
