import type { TrustedBrowser } from "../browsers/store.ts";
import { paths } from "../paths.ts";
import { PostButton } from "../web/controls.tsx";
import { isSameNetwork } from "../web/network.ts";
import { usePage, useWords } from "../web/page-frame.tsx";

/** Those in which this person is not asked for a code. */
export function TrustedBrowsers(props: {
	/** Only those that still hold, the latest first. */
	trusted: readonly TrustedBrowser[];
	/** The browser this is read in. */
	thisBrowserHash: string;
}) {
	const { account } = useWords();
	const { trusted } = props;
	return (
		<section aria-labelledby="trusted-browsers">
			<h2 id="trusted-browsers">{account.trustedBrowsers}</h2>
			<p class="quiet">
				<Explanation isAnyTrusted={trusted.length > 0} />
			</p>
			{trusted.length > 0 && (
				<>
					<ul class="rows">
						{trusted.map((browser) => (
							<Row
								key={browser.trustId}
								browser={browser}
								isThis={browser.browserHash === props.thisBrowserHash}
							/>
						))}
					</ul>
					<div class="row-actions">
						<PostButton action={paths.removeTrusted} label={account.removeAll} fields={{ which: "all" }} />
					</div>
				</>
			)}
		</section>
	);
}

function Explanation({ isAnyTrusted }: { isAnyTrusted: boolean }) {
	const { words, clinic } = usePage();
	const { account } = words;
	if (!clinic.rule.allowsTrust) return <>{account.trustNotAllowed(clinic.name)}</>;
	return <>{isAnyTrusted ? account.whatTrustIs : account.nothingTrusted}</>;
}

function Row({ browser, isThis }: { browser: TrustedBrowser; isThis: boolean }) {
	const { words, clinic, network } = usePage();
	const { account, sessions } = words;
	const day = (at: number) => words.date(at, clinic.timeZone);
	const time = (at: number) => words.time(at, clinic.timeZone);
	const isNear = isSameNetwork(browser.address, network.address);
	const where = isNear ? sessions.thisNetwork : sessions.anotherNetwork;
	return (
		<li>
			<div>
				<h3>
					{browser.name === "" ? sessions.unknownBrowser : browser.name}{" "}
					{isThis && <span class="badge on">{account.thisBrowser}</span>}
				</h3>
				<p>{account.trustedSince(day(browser.trustedAt), time(browser.trustedAt), where)}</p>
				<p>{account.trustEnds(day(browser.endsAt), time(browser.endsAt))}</p>
				<details>
					<summary>{sessions.details}</summary>
					<p>{account.trustedFrom(browser.address)}</p>
				</details>
			</div>
			<div class="row-actions">
				<PostButton action={paths.removeTrusted} label={account.remove} fields={{ which: browser.trustId }} />
			</div>
		</li>
	);
}
