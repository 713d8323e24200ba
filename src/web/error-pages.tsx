import { paths } from "../paths.ts";
import { type Answer, page } from "./answer.ts";
import { ButtonLink, Field, Notice } from "./controls.tsx";
import { SignInLayout } from "./layout.tsx";
import { useWords } from "./page-frame.tsx";
import type { Visit } from "./visit.ts";

/** What happened, then what to do. The same for everything that is not there, whoever asks. */
export function ErrorPage({ status }: { status: number }) {
	const words = useWords();
	const { title, next } = sentencesFor(status, words.errors);
	return (
		<SignInLayout title={title} lead={next}>
			<ButtonLink href={paths.home} kind="primary">
				{words.errors.start}
			</ButtonLink>
		</SignInLayout>
	);
}

/** The answer to whoever may not send this form (403), or asks for what is not there for them (404). */
export function errorPage(visit: Visit, status: 403 | 404): Answer {
	return page(visit, <ErrorPage status={status} />, status);
}

/** Every page of a server that has no clinic yet. */
export function NoClinicPage() {
	const words = useWords();
	return (
		<SignInLayout title={words.errors.noClinic.title} lead={words.errors.noClinic.next}>
			<pre>
				<code>vestibule clinic create --help</code>
			</pre>
		</SignInLayout>
	);
}

/**
 * The bare address of a server with many clinics. It answers with a link, not a redirect.
 *
 * @param typed the short name as it was typed; empty at first
 * @param link the clinic's address, where what was typed can be a short name
 */
export function ChooseClinicPage({ typed, link }: { typed: string; link: string | undefined }) {
	const words = useWords().errors.chooseClinic;
	return (
		<SignInLayout title={words.title} lead={words.lead}>
			{link !== undefined && <ButtonLink href={link}>{link}</ButtonLink>}
			{link === undefined && typed !== "" && <Notice kind="error">{words.notAName}</Notice>}
			<form method="get" action={paths.home} class="form">
				<Field name="clinic" label={words.shortName} value={typed} autofocus={typed === ""} />
				<button type="submit" class="button primary">
					{words.find}
				</button>
			</form>
		</SignInLayout>
	);
}

function sentencesFor(status: number, words: ReturnType<typeof useWords>["errors"]) {
	switch (status) {
		case 403:
			return words.elsewhere;
		case 404:
		case 405:
			return words.notFound;
		case 413:
			return words.tooLarge;
		case 415:
			return words.notAForm;
		case 429:
			return words.tooMany;
		case 503:
			return words.busy;
		default:
			return status < 500 ? words.unreadable : words.ourFault;
	}
}
