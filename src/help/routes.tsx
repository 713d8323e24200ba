import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { readSession } from "../sessions/gate.tsx";
import { enterSignIn } from "../sign-in/gate.tsx";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { HelpPage } from "./pages.tsx";
import { whoIsHelped } from "./who-is-helped.ts";

/** Where somebody can be in a sign-in. */
const STEPS = ["second-step", "prove", "forced-set-up", "offer-set-up"] as const;

export function helpRoutes(web: Web, deps: Deps): void {
	web.get(paths.signInHelp, async (visit) => {
		const inside = visit.cookies.signIn ? await enterSignIn(deps, visit, "GET", ...STEPS) : undefined;
		// Before the password nothing personal is said.
		if (!inside || "status" in inside) {
			const session = await readSession(deps, visit);
			const reader = session?.profile;
			return page(reader ? { ...visit, reader } : visit, <HelpPage helped={{ kind: "anybody" }} />);
		}
		return page(inside, <HelpPage helped={await whoIsHelped(deps, inside)} />);
	});
}
