import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { findRecoveryCode } from "../recovery-code/store.ts";
import { listWorkingMethods } from "../second-step/working-methods.ts";
import { readSession } from "../sessions/gate.tsx";
import { signOutAfter } from "../sessions/lifetime.rule.ts";
import { isSignedInWithCode } from "../sessions/store.ts";
import { enterSignIn } from "../sign-in/gate.tsx";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import type { Visit } from "../web/visit.ts";
import { HelpPage } from "./pages.tsx";

/** What can work for one person now, known only after their password. */
export type WaysBack = {
	hasAppThatWorks: boolean;
	hasTextsThatWork: boolean;
	hasRecoveryCode: boolean;
	isSignedInElsewhere: boolean;
};

export function helpRoutes(web: Web, deps: Deps): void {
	web.get(paths.signInHelp, async (visit) => {
		const inside = visit.cookies.signIn ? await enterSignIn(deps, visit, "GET", "second-step") : undefined;
		// Before the password nothing personal is said.
		if (!inside || "status" in inside) {
			const session = await readSession(deps, visit);
			const reader = session?.profile;
			return page(reader ? { ...visit, reader } : visit, <HelpPage ways={undefined} />);
		}
		return page(inside, <HelpPage ways={await waysBack(inside, inside.signIn.profile.profileId)} />);
	});

	async function waysBack({ clinic, now }: Visit, profileId: string): Promise<WaysBack> {
		const { clinicId } = clinic;
		const methods = await listWorkingMethods(deps.db, deps, clinicId, profileId);
		const open = methods.filter((method) => method.blockedAt === null).map((method) => method.kind);
		return {
			hasAppThatWorks: open.includes("authenticator-app"),
			hasTextsThatWork: open.includes("text-message"),
			hasRecoveryCode: (await findRecoveryCode(deps.db, clinicId, profileId)) !== undefined,
			isSignedInElsewhere: await isSignedInWithCode(
				deps.db,
				clinicId,
				profileId,
				now - signOutAfter(clinic, now),
			),
		};
	}
}
