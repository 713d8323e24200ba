import { ButtonLink, Links } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";

/**
 * A set-up of either kind that takes no codes any more, and why.
 *
 * @param props.place where it is started again, and where it is left with nothing changed
 */
export function SetUpOverPage({
	place,
	why,
}: {
	place: { paths: { start: string }; cancelPath: string };
	why: string;
}) {
	const { authenticatorApp: words, secondStep } = useWords();
	return (
		<SignInLayout title={words.overTitle} lead={why}>
			<div class="buttons">
				<ButtonLink href={place.paths.start} kind="primary">
					{words.startAgain}
				</ButtonLink>
			</div>
			<Links>
				<a href={place.cancelPath}>{secondStep.cancel}</a>
			</Links>
		</SignInLayout>
	);
}
