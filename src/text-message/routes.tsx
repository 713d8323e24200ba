import { findMessage } from "../delivery/store.ts";
import type { Deps } from "../deps.ts";
import { readCode } from "../methods/code.rule.ts";
import { isLive } from "../methods/set-up.rule.ts";
import type { Holder, SetUpMount } from "../methods/set-up-mount.ts";
import { SetUpOverPage } from "../methods/set-up-over-page.tsx";
import { listMethods } from "../methods/store.ts";
import { goTo, page } from "../web/answer.ts";
import type { Web } from "../web/server.tsx";
import { enterNumber } from "./enter-number.ts";
import { readNumber } from "./number.rule.ts";
import { NumberPage, TextCodePage, type TextSetUpPaths, type TextSetUpPlace } from "./pages.tsx";
import { refusalOf } from "./refusal.ts";
import { sendsTo } from "./sends-to.rule.ts";
import { findSetUp, listSends } from "./store.ts";
import type { TextSetUp } from "./text-set-up.ts";
import { turnOnTextMessages } from "./turn-on.ts";

/**
 * The pages of a set-up begun by `beginTextSetUp`: the number, and the code that turns text messages on.
 *
 * @param mount.appPath where the authenticator app is set up instead
 */
export function textMessageSetUp<H extends Holder, P>(
	web: Web,
	deps: Deps,
	mount: Omit<SetUpMount<H, P>, "paths"> & { paths: TextSetUpPaths; appPath: string },
): void {
	const { paths } = mount;
	const placeOf = ({ steps, cancelPath }: H, page: "key" | "code"): TextSetUpPlace => ({
		step: steps[page],
		paths,
		cancelPath,
	});

	/** The holder's live set-up; without one there is nothing to show, and it starts again. */
	async function liveSetUp({ visit, holderId, profile }: H): Promise<TextSetUp | undefined> {
		const setUp = await findSetUp(deps.db, visit.clinic.clinicId, holderId);
		return setUp && isLive(setUp, profile.doorsVersion, visit.now) ? setUp : undefined;
	}

	web.get(paths.number, async (visit) => {
		const holder = await mount.asking(visit, "GET");
		if ("status" in holder) return holder;
		const setUp = await liveSetUp(holder);
		if (!setUp) return mount.notUnderWay(holder);
		return showNumber(holder, setUp.typedNumber);
	});

	web.post(paths.number, async (visit) => {
		const holder = await mount.asking(visit, "POST");
		if ("status" in holder) return holder;
		const typed = visit.form.text("mobile").trim();
		const words = holder.visit.words.textMessage;
		const again = (sentence: string, status?: number) => showNumber(holder, typed, sentence, status);
		const number = readNumber(typed, visit.clinic.country);
		if (number.kind === "refused") return again(words.refusedNumber[number.why]);
		if (!deps.config.textCountries.includes(number.country)) return again(words.refusedNumber.country);
		const sent = await enterNumber(deps, holder.visit, holder, { e164: number.e164, typed });
		switch (sent.kind) {
			case "queued":
			case "wait":
				return goTo(paths.code);
			case "ended":
				return goTo(paths.start);
			case "used-up":
			case "country":
			case "limited":
				return again(refusalOf(words, sent, holder.visit, "set-up"), 429);
		}
	});

	web.get(paths.code, async (visit) => {
		const holder = await mount.asking(visit, "GET");
		if ("status" in holder) return holder;
		const setUp = await liveSetUp(holder);
		return setUp ? showCode(holder, setUp) : mount.notUnderWay(holder);
	});

	web.post(paths.resend, async (visit) => {
		const holder = await mount.asking(visit, "POST");
		if ("status" in holder) return holder;
		const sent = await enterNumber(deps, holder.visit, holder, undefined);
		if (sent.kind === "ended") return goTo(paths.start);
		const setUp = await liveSetUp(holder);
		if (!setUp) return goTo(paths.start);
		if (sent.kind === "queued") return goTo(paths.code);
		return showCode(
			holder,
			setUp,
			refusalOf(holder.visit.words.textMessage, sent, holder.visit, "set-up"),
			429,
		);
	});

	web.post(paths.code, async (visit) => {
		const holder = await mount.asking(visit, "POST");
		if ("status" in holder) return holder;
		const words = holder.visit.words.textMessage;
		const setUpId = visit.form.text("set-up");
		const over = (why: "noTriesLeft" | "ended") =>
			page(
				holder.visit,
				<SetUpOverPage place={placeOf(holder, "code")} why={holder.visit.words.textMessage[why]} />,
				422,
			);
		const again = async (sentence: string) => {
			const setUp = await liveSetUp(holder);
			return setUp ? showCode(holder, setUp, sentence) : over("ended");
		};

		const code = readCode(visit.form.text("code"));
		if (code === undefined) return again(words.notACode);

		const prepared = await mount.prepare(holder);
		const outcome = await turnOnTextMessages(
			deps,
			holder,
			{ setUpId, code, now: visit.now },
			{
				mayTurnOn: (tx) => mount.mayTurnOn(tx, holder),
				turnedOn: (tx, on) => mount.turnedOn(tx, holder, prepared, on),
			},
		);
		switch (outcome.kind) {
			case "on":
				return outcome.result;
			case "on already":
				return mount.done(holder);
			case "wrong":
			case "expired":
				return again(words[outcome.kind](outcome.triesLeft));
			case "no tries left":
				return over("noTriesLeft");
			case "ended":
				return over("ended");
		}
	});

	async function showNumber(holder: H, typed: string, sentence?: string, status = 422) {
		const { clinicId, profileId, mobile } = holder.profile;
		const methods = await listMethods(deps.db, clinicId, profileId);
		// Who has the app already need not be led to it.
		const appPath = methods.some(({ kind }) => kind === "authenticator-app") ? undefined : mount.appPath;
		const errors = sentence === undefined ? [] : [{ field: "mobile", sentence }];
		return page(
			holder.visit,
			<NumberPage place={placeOf(holder, "key")} {...{ typed, mobile, appPath, errors }} />,
			sentence === undefined ? 200 : status,
		);
	}

	/** The code page with what has become of the message so far. */
	async function showCode(holder: H, setUp: TextSetUp, sentence?: string, status = 422) {
		const { visit } = holder;
		if (setUp.number === null) return goTo(paths.number);
		const sends = await listSends(deps.db, visit.clinic.clinicId, setUp.setUpId);
		const { last, resend } = sendsTo(setUp.number, sends, visit.now);
		const message = last && (await findMessage(deps.db, visit.clinic.clinicId, last.message_id));
		const errors = sentence === undefined ? [] : [{ field: "code", sentence }];
		const shown = { place: placeOf(holder, "code"), setUpId: setUp.setUpId, number: setUp.number };
		const sentAt = last?.sent_at;
		return page(
			visit,
			<TextCodePage {...shown} message={message} sentAt={sentAt} resend={resend} errors={errors} />,
			sentence === undefined ? 200 : status,
		);
	}
}
