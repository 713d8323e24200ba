import { paths } from "../paths.ts";
import { CodeBlock, PrintButton } from "../web/code-block.tsx";
import { ButtonLink, Checkbox, type FieldError, Form, Links, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { groupsOf, inGroups } from "./recovery-code.rule.ts";
import type { Showing } from "./showing.rule.ts";

/** The page as the last step of a set-up. @param of how many steps the set-up has */
export function recoveryCodeStep(of: number): string {
	return `${paths.recoveryCode}?of=${of}`;
}

/**
 * The new Recovery Code, until **Done**. Reload, download and print work as often as one likes.
 *
 * @param code its 20 characters
 * @param codeId which code **Done** speaks of, in case a newer one is made meanwhile
 * @param of how many steps the set-up has that this is the last one of; undefined where it is of none
 */
export function RecoveryCodePage(props: {
	code: string;
	codeId: string;
	of: number | undefined;
	personName: string;
	madeAt: number;
	until: number;
	errors: readonly FieldError[];
}) {
	const words = useWords();
	const { clinic } = usePage();
	const { recoveryCode } = words;
	const { of } = props;
	const whose = [clinic.name, props.personName, words.date(props.madeAt, clinic.timeZone)];
	return (
		<SignInLayout
			title={recoveryCode.title}
			lead={recoveryCode.lead}
			step={of === undefined ? undefined : { at: of, of }}
		>
			<section>
				<p class="only-print">{whose.join(" · ")}</p>
				<CodeBlock label={recoveryCode.yours} groups={groupsOf(props.code)} copy={inGroups(props.code)}>
					<ButtonLink href={paths.recoveryCodePdf} download>
						{recoveryCode.download}
					</ButtonLink>
					<PrintButton />
				</CodeBlock>
			</section>
			<p>{recoveryCode.keep}</p>
			<p>{recoveryCode.earlier}</p>
			<p class="hint only-screen">{recoveryCode.until(words.time(props.until, clinic.timeZone))}</p>
			<Form
				action={of === undefined ? paths.recoveryCode : recoveryCodeStep(of)}
				submit={recoveryCode.done}
				errors={props.errors}
			>
				<input type="hidden" name="code-id" value={props.codeId} />
				<Checkbox name="saved" label={recoveryCode.saved} />
			</Form>
		</SignInLayout>
	);
}

/** What is left to say when the code cannot be shown, or there is none. */
export function NoCodeToShowPage(props: {
	showing: Exclude<Showing, { kind: "code" }>;
	/** Where **Not now** leads. */
	leavePath: string;
}) {
	const words = useWords();
	const { clinic } = usePage();
	const { none, hidden, getNew, notNow, haveIt } = words.recoveryCode;
	const { showing } = props;
	const later = (
		<Links>
			<a href={props.leavePath}>{notNow}</a>
		</Links>
	);
	const newOne = (kind: "primary" | "secondary") => (
		<ButtonLink href={paths.newRecoveryCode} kind={kind}>
			{getNew}
		</ButtonLink>
	);
	if (showing.kind === "none") {
		return (
			<SignInLayout title={none.title} lead={none.next}>
				{newOne("primary")}
				{later}
			</SignInLayout>
		);
	}
	const { codeId, madeAt, savedAt } = showing;
	const isSaved = savedAt !== null;
	const dateOf = (at: number) => words.date(at, clinic.timeZone);
	return (
		<SignInLayout
			title={hidden.title}
			lead={isSaved ? hidden.saved(dateOf(savedAt)) : hidden.notSaved(dateOf(madeAt))}
		>
			<p>{hidden.newOneEndsIt}</p>
			<div class="buttons">
				{newOne(isSaved ? "secondary" : "primary")}
				{!isSaved && (
					<PostButton
						action={paths.recoveryCode}
						label={haveIt}
						fields={{ "code-id": codeId, saved: "yes" }}
					/>
				)}
			</div>
			{later}
		</SignInLayout>
	);
}
