import { paths } from "../paths.ts";
import { CodeBlock, PrintButton } from "../web/code-block.tsx";
import { ButtonLink, Checkbox, type FieldError, Form, Links } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { groupsOf, inGroups } from "./recovery-code.rule.ts";
import type { Showing } from "./showing.rule.ts";

/**
 * The new Recovery Code, until **Done**. Reload, download and print work as often as one likes.
 *
 * @param code its 20 characters
 * @param codeId which code **Done** speaks of, in case a newer one is made meanwhile
 */
export function RecoveryCodePage(props: {
	code: string;
	codeId: string;
	personName: string;
	madeAt: number;
	until: number;
	errors: readonly FieldError[];
}) {
	const words = useWords();
	const { clinic } = usePage();
	const { recoveryCode } = words;
	const whose = [clinic.name, props.personName, words.date(props.madeAt, clinic.timeZone)];
	return (
		<SignInLayout title={recoveryCode.title} lead={recoveryCode.lead}>
			<section class="print-card">
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
			<p class="hint">{recoveryCode.until(words.time(props.until, clinic.timeZone))}</p>
			<Form action={paths.recoveryCode} submit={recoveryCode.done} errors={props.errors}>
				<input type="hidden" name="code-id" value={props.codeId} />
				<Checkbox name="saved" label={recoveryCode.saved} />
			</Form>
		</SignInLayout>
	);
}

/** What is left to say when the code cannot be shown, or there is none. */
export function NoCodeToShowPage({ showing }: { showing: Exclude<Showing, { kind: "code" }> }) {
	const { recoveryCode } = useWords();
	return showing.kind === "none" ? (
		<SignInLayout title={recoveryCode.none.title} lead={recoveryCode.none.next}>
			<GetNewCode kind="primary" />
		</SignInLayout>
	) : (
		<HiddenCodePage {...showing} />
	);
}

function HiddenCodePage({ madeAt, savedAt }: { madeAt: number; savedAt: number | null }) {
	const words = useWords();
	const { clinic } = usePage();
	const { title, saved, notSaved, newOneEndsIt } = words.recoveryCode.hidden;
	const sentence =
		savedAt === null
			? notSaved(words.date(madeAt, clinic.timeZone))
			: saved(words.date(savedAt, clinic.timeZone));
	return (
		<SignInLayout title={title} lead={sentence}>
			<p>{newOneEndsIt}</p>
			<GetNewCode kind={savedAt === null ? "primary" : "secondary"} />
		</SignInLayout>
	);
}

/** @param kind `primary` where the person has no code that they surely kept */
function GetNewCode({ kind }: { kind: "primary" | "secondary" }) {
	const { recoveryCode } = useWords();
	return (
		<>
			<ButtonLink href={paths.newRecoveryCode} kind={kind}>
				{recoveryCode.getNew}
			</ButtonLink>
			<Links>
				<a href={paths.twoStep}>{recoveryCode.back}</a>
			</Links>
		</>
	);
}
