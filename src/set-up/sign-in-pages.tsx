import type { MethodKind } from "../db/tables.ts";
import { paths } from "../paths.ts";
import { Form, Group, Links, PostButton, Radio } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";

/** The prompt between password and session, which may be declined. @param props.by undefined where no date is set */
export function OfferSetUpPage(props: { by: string | undefined; offered: readonly MethodKind[] }) {
	const { words, clinic } = usePage();
	const { signInSetUp } = words;
	const { by, offered } = props;
	const title = signInSetUp.offerTitle(by === undefined ? undefined : words.day(by));
	return (
		<SignInLayout title={title} lead={signInSetUp.offerLead(clinic.name, by !== undefined)}>
			<StartForm offered={offered} />
			<div class="buttons">
				<PostButton action={paths.declineSetUp} label={signInSetUp.notNow} />
			</div>
		</SignInLayout>
	);
}

/** The same where there is no way past. */
export function ForcedSetUpPage({ offered }: { offered: readonly MethodKind[] }) {
	const { words, clinic } = usePage();
	const { signInSetUp, secondStep } = words;
	return (
		<SignInLayout title={signInSetUp.forcedTitle} lead={signInSetUp.forcedLead(clinic.name)}>
			<StartForm offered={offered} />
			<Links>
				<PostButton action={paths.cancelSignIn} label={secondStep.cancel} kind="link" />
			</Links>
		</SignInLayout>
	);
}

/** The authenticator app is recommended, and chosen unless somebody chooses otherwise. */
function StartForm({ offered }: { offered: readonly MethodKind[] }) {
	const { signInSetUp, methods } = useWords();
	const [recommended] = offered;
	return (
		<Form action={paths.signInSetUp} submit={signInSetUp.setUpNow}>
			{offered.length > 1 ? (
				<Group name="kind" legend={signInSetUp.whichKind}>
					{offered.map((kind) => (
						<Radio
							key={kind}
							name="kind"
							value={kind}
							label={methods[kind]}
							hint={signInSetUp.kinds[kind]}
							checked={kind === recommended}
						/>
					))}
				</Group>
			) : (
				<p>{signInSetUp.needsApp}</p>
			)}
		</Form>
	);
}
