import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { isLive } from "../methods/set-up.rule.ts";
import type { Holder, SetUpMount } from "../methods/set-up-mount.ts";
import { SetUpOverPage } from "../methods/set-up-over-page.tsx";
import { page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import type { AppSetUp } from "./app-set-up.ts";
import { CodePage, KeyPage, type SetUpPlace } from "./pages.tsx";
import { AuthenticatorSecret } from "./secret.ts";
import { findSetUp } from "./store.ts";
import { turnOnAuthenticatorApp } from "./turn-on.ts";

/** The pages of a set-up begun by `beginSetUp`: the key, and the code that turns the app on. */
export function authenticatorAppSetUp<H extends Holder, P>(
	web: Web,
	deps: Deps,
	mount: SetUpMount<H, P>,
): void {
	const { paths } = mount;
	const placeOf = ({ steps, cancelPath }: H, page: "key" | "code"): SetUpPlace => ({
		step: steps[page],
		paths,
		cancelPath,
	});

	/** The holder's live set-up; without one there is nothing to show, and it starts again. */
	async function liveSetUp({ visit, holderId, profile }: H): Promise<AppSetUp | undefined> {
		const setUp = await findSetUp(deps.db, visit.clinic.clinicId, profile.profileId, holderId);
		return setUp && isLive(setUp, profile.doorsVersion, visit.now) ? setUp : undefined;
	}

	web.get(paths.key, async (visit) => {
		const holder = await mount.asking(visit, "GET");
		if ("status" in holder) return holder;
		const setUp = await liveSetUp(holder);
		if (!setUp) return mount.notUnderWay(holder);
		const secret = AuthenticatorSecret.open(deps.config.keyring, setUp.sealedSecret, holder.profile);
		const place = placeOf(holder, "key");
		return page(holder.visit, <KeyPage place={place} email={holder.profile.email} secret={secret} />);
	});

	web.get(paths.code, async (visit) => {
		const holder = await mount.asking(visit, "GET");
		if ("status" in holder) return holder;
		const setUp = await liveSetUp(holder);
		if (!setUp) return mount.notUnderWay(holder);
		return page(holder.visit, <CodePage place={placeOf(holder, "code")} setUpId={setUp.setUpId} />);
	});

	web.post(paths.code, async (visit) => {
		const holder = await mount.asking(visit, "POST");
		if ("status" in holder) return holder;
		const setUpId = visit.form.text("set-up");
		const place = placeOf(holder, "code");
		const words = holder.visit.words.secondStep;
		const again = (sentence: string) => {
			const errors = [{ field: "code", sentence }];
			return page(holder.visit, <CodePage place={place} setUpId={setUpId} errors={errors} />, 422);
		};
		const over = (why: "noTriesLeft" | "ended") =>
			page(holder.visit, <SetUpOverPage place={place} why={holder.visit.words.authenticatorApp[why]} />, 422);

		const code = readCode(visit.form.text("code"));
		if (code === undefined) return again(words.notACode);

		const prepared = await mount.prepare(holder);
		const entered = { setUpId, code, now: visit.now };
		const outcome = await turnOnAuthenticatorApp(deps, holder, entered, {
			mayTurnOn: (tx) => mount.mayTurnOn(tx, holder),
			turnedOn: (tx, on) => mount.turnedOn(tx, holder, prepared, on),
		});
		switch (outcome.kind) {
			case "on":
				return outcome.result;
			case "on already":
				return mount.done(holder);
			case "wrong":
				return again(words.wrong(outcome.triesLeft));
			case "clock":
				return again(words.clock(outcome.minutes, outcome.direction, outcome.triesLeft));
			case "no tries left":
				return over("noTriesLeft");
			case "ended":
				return over("ended");
		}
	});
}
