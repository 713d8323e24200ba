import { paths } from "../paths.ts";
import { CodeField, type FieldError, Form, Links, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";

/** @param props.backPath the other ways, or the emailed code */
export function EnterTemporaryCodePage({
	backPath,
	errors = [],
}: {
	backPath: string;
	errors?: FieldError[];
}) {
	const { temporaryCode, secondStep } = useWords();
	return (
		<SignInLayout title={temporaryCode.enterTitle} lead={temporaryCode.enterLead}>
			<Form action={paths.signInTemporaryCode} errors={errors} submit={secondStep.submit}>
				<CodeField label={temporaryCode.label} autofocus={errors.length === 0} />
			</Form>
			<Links>
				<a href={backPath}>{secondStep.tryAnotherWay}</a>
				<a href={paths.signInHelp}>{secondStep.lockedOut}</a>
				<PostButton action={paths.cancelSignIn} label={secondStep.cancel} kind="link" />
			</Links>
		</SignInLayout>
	);
}
