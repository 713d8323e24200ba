import { useWords } from "../web/page-frame.tsx";
import { knownApps } from "./apps.ts";

/** The apps that work: what each is, what it costs and where it runs, with the advice which to choose. */
export function AppList() {
	const words = useWords().authenticatorApp;
	return (
		<>
			<p>{words.advice}</p>
			<ul class="cards">
				{knownApps.map(({ name, kind, runsOn, note }) => (
					<li key={name}>
						<strong>{name}</strong>
						<p>
							{words.kinds[kind]} · {runsOn.map((platform) => words.platforms[platform]).join(", ")}
						</p>
						{note && <p>{words.notes[note]}</p>}
					</li>
				))}
			</ul>
		</>
	);
}
