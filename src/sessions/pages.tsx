import { paths } from "../paths.ts";
import { ButtonLink, FactList, Form, Notice, noticeNamed, PostButton } from "../web/controls.tsx";
import { AccountLayout, SignInLayout } from "../web/layout.tsx";
import { isSameNetwork } from "../web/network.ts";
import { usePage } from "../web/page-frame.tsx";
import { endOf, endsUnused, longestSession, signOutAfter } from "./lifetime.rule.ts";
import type { ListedSession } from "./session.ts";

export function SignOutPage() {
	const { words, clinic } = usePage();
	const stay = <ButtonLink href={paths.home}>{words.sessions.stay}</ButtonLink>;
	return (
		<SignInLayout title={words.sessions.signOutTitle(clinic.name)}>
			<Form action={paths.signOut} submit={words.sessions.signOut} beside={stay} />
		</SignInLayout>
	);
}

/**
 * Where this person is signed in.
 *
 * @param props.hasMore whether there are others that are not listed
 * @param props.notice what just happened, one of `words.sessions.notices`; anything else says nothing
 */
export function SessionsPage(props: {
	own: ListedSession;
	others: readonly ListedSession[];
	hasMore: boolean;
	notice: string;
}) {
	const { words, clinic, now } = usePage();
	const { sessions } = words;
	const lead = sessions.lead(
		signOutAfter(clinic, now),
		longestSession(clinic, now),
		words.zone(clinic.timeZone),
	);
	const notice = noticeNamed(sessions.notices, props.notice);
	return (
		<AccountLayout title={sessions.title} current="sessions" lead={lead}>
			{notice && <Notice kind="success">{notice}</Notice>}
			<ul class="rows">
				<SessionRow session={props.own} isThis />
			</ul>
			<section aria-labelledby="elsewhere">
				<h2 id="elsewhere">{sessions.elsewhere}</h2>
				{props.others.length === 0 ? (
					<p class="quiet">{sessions.nowhereElse}</p>
				) : (
					<>
						<PostButton action={paths.endOtherSessions} label={sessions.signOutElsewhere} />
						<ul class="rows">
							{props.others.map((session) => (
								<SessionRow key={session.sessionId} session={session} />
							))}
						</ul>
						{props.hasMore && <p class="quiet">{sessions.more}</p>}
					</>
				)}
			</section>
		</AccountLayout>
	);
}

function SessionRow({ session, isThis = false }: { session: ListedSession; isThis?: boolean }) {
	const { words, clinic, now, network } = usePage();
	const { sessions } = words;
	const moment = (at: number) => [words.date(at, clinic.timeZone), words.time(at, clinic.timeZone)] as const;
	const where = isSameNetwork(session.address, network.address)
		? sessions.thisNetwork
		: sessions.anotherNetwork;
	const ends = endsUnused(session, clinic, now) ? sessions.endsUnused : sessions.endsAnyway;
	const Heading = isThis ? "h2" : "h3";
	return (
		<li>
			<div>
				<Heading>
					{session.browserName || sessions.unknownBrowser}{" "}
					{isThis && <span class="badge on">{sessions.isThis}</span>}
				</Heading>
				<p>{sessions.lastSeen(...moment(session.lastSeenAt), words.ago(now - session.lastSeenAt))}</p>
				<p>{sessions.signedIn(...moment(session.startedAt), where, sessions.how[session.signedInBy])}</p>
				<details>
					<summary>{sessions.details}</summary>
					<FactList
						facts={[
							{ label: sessions.address, value: session.address },
							{ label: sessions.ends, value: ends(...moment(endOf(session, clinic, now))) },
						]}
					/>
				</details>
			</div>
			<div class="row-actions">
				<PostButton
					action={paths.endSession}
					label={sessions.signOut}
					fields={{ session: session.sessionId }}
				/>
			</div>
		</li>
	);
}
