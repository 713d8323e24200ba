import type { MethodKind } from "../db/tables.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { setUpStart } from "../paths.ts";
import type { SessionVisit } from "../sessions/gate.tsx";
import { keepReturnTo } from "../sessions/store.ts";
import { type Answer, goTo } from "../web/answer.ts";
import { Links, PostButton } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { useWords } from "../web/page-frame.tsx";
import { offeredKinds } from "./offered-kinds.ts";

/**
 * For whoever wants to do what only somebody with a second step of their own does.
 *
 * @param action where the kind of method that is chosen is posted
 */
export function OwnMethodFirstPage(props: {
	title: string;
	lead: string;
	action: string;
	offered: readonly MethodKind[];
	leave: { path: string; label: string };
}) {
	const { enforcement } = useWords();
	const { action, leave } = props;
	return (
		<SignInLayout title={props.title} lead={props.lead}>
			<div class="buttons">
				{props.offered.map((kind, index) => (
					<PostButton
						key={kind}
						action={action}
						label={enforcement.setUp[kind]}
						fields={{ kind }}
						kind={index === 0 ? "primary" : "secondary"}
					/>
				))}
			</div>
			<Links>
				<a href={leave.path}>{leave.label}</a>
			</Links>
		</SignInLayout>
	);
}

/**
 * To one's own set-up of the kind that was chosen on that page.
 *
 * @param back the page to which its end leads, which says that it is done
 * @returns undefined where no kind that is offered was chosen
 */
export async function beginOwnSetUp(
	deps: Pick<Deps, "config" | "db">,
	{ clinic, form, session }: SessionVisit,
	back: string,
): Promise<Answer | undefined> {
	const kind = offeredKinds(deps.config, clinic).find((one) => one === form.text("kind"));
	if (kind === undefined) return undefined;
	await inTransaction(deps.db, (tx) =>
		keepReturnTo(tx, clinic.clinicId, session.sessionId, `${back}?notice=set-up`),
	);
	return goTo(setUpStart[kind]);
}
