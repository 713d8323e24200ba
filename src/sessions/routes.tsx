import { during } from "../activity/during.ts";
import { recordEvent } from "../activity/record.ts";
import { inTransaction } from "../db/transaction.ts";
import type { Deps } from "../deps.ts";
import { paths } from "../paths.ts";
import { goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { enterSession, insideSession, readSession } from "./gate.tsx";
import { SignOutPage } from "./pages.tsx";
import { deleteSession } from "./store.ts";

export function sessionRoutes(web: Web, deps: Deps): void {
	web.get(
		paths.signOut,
		insideSession(deps, "GET", async (visit) => page(visit, <SignOutPage />)),
	);

	web.post(paths.signOut, async (visit) => {
		const inside = await enterSession(deps, visit, "POST");
		if ("status" in inside) return inside;
		const { clinicId, profileId } = inside.session.profile;
		await inTransaction(deps.db, async (tx) => {
			if (!(await deleteSession(tx, clinicId, inside.session.sessionId))) return;
			const event = during(visit, profileId, profileId);
			await recordEvent(tx, deps.config.keyring, { ...event, kind: "signed-out", detail: {} });
		});
		const answer = goTo(`${paths.signIn}?notice=signed-out`, [{ name: "session", token: undefined }]);
		// Not "cookies": that would also forget the browser.
		return { ...answer, headers: { ...answer.headers, "clear-site-data": '"cache", "storage"' } };
	});

	// For a proxy in front of the clinic's software: 204 with whose session it is, or 401.
	web.get(paths.authCheck, async (visit) => {
		const session = await readSession(deps, visit);
		if (!session) return { status: 401, headers: {}, cookies: [], body: undefined };
		const { profileId, name, email, access } = session.profile;
		const headers = {
			"vestibule-profile": profileId,
			"vestibule-name": encodeURIComponent(name),
			"vestibule-email": encodeURIComponent(email),
			"vestibule-access": access,
			"vestibule-signed-in-by": session.signedInBy,
		};
		return { status: 204, headers, cookies: [], body: undefined };
	});
}
