import { paths } from "../paths.ts";
import { CodeField, type FieldError, Form, Links, PostButton, WaitInstead } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage } from "../web/page-frame.tsx";

/**
 * @param props.otherWay the other ways, or the emailed code; undefined where nothing else can work now
 * @param props.waitUntil after too many wrong codes none is asked for until then, epoch milliseconds
 */
export function EnterTemporaryCodePage(props: {
	otherWay: string | undefined;
	waitUntil: number | undefined;
	errors: FieldError[];
}) {
	const { words, clinic, endsAt } = usePage();
	const { temporaryCode, secondStep } = words;
	const { otherWay, waitUntil, errors } = props;
	return (
		<SignInLayout title={temporaryCode.enterTitle} lead={temporaryCode.enterLead}>
			{waitUntil === undefined ? (
				<Form action={paths.signInTemporaryCode} errors={errors} submit={secondStep.submit}>
					<CodeField label={temporaryCode.label} autofocus={errors.length === 0} />
				</Form>
			) : (
				<WaitInstead
					sentence={temporaryCode.wait(
						waitUntil,
						clinic.timeZone,
						endsAt !== undefined && endsAt <= waitUntil,
						otherWay !== undefined,
					)}
					errors={errors}
				/>
			)}
			<Links>
				{otherWay !== undefined && <a href={otherWay}>{secondStep.tryAnotherWay}</a>}
				<a href={paths.signInHelp}>{secondStep.lockedOut}</a>
				<PostButton action={paths.cancelSignIn} label={secondStep.cancel} kind="link" />
			</Links>
		</SignInLayout>
	);
}
