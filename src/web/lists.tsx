import { type ComponentChildren, toChildArray } from "preact";

/** Things one can do something with, as methods or browsers: `<Row>`s. */
export function Rows({ children }: { children: ComponentChildren }) {
	return <ul class="rows">{children}</ul>;
}

/**
 * @param badge how it stands, in a word or two
 * @param children what there is to know about it
 * @param actions its links and buttons
 */
export function Row({
	title,
	badge,
	actions,
	children,
}: {
	title: string;
	badge?: ComponentChildren;
	actions?: ComponentChildren;
	children?: ComponentChildren;
}) {
	return (
		<li>
			<div>
				<h3>
					{title} {badge}
				</h3>
				{children}
			</div>
			{actions && <div class="row-actions">{actions}</div>}
		</li>
	);
}

export function Badge({ kind, children }: { kind: "on" | "off" | "warning"; children: ComponentChildren }) {
	return <span class={`badge ${kind}`}>{children}</span>;
}

/** What to do, in order: each child is a numbered step. */
export function Steps({ children }: { children: ComponentChildren }) {
	return (
		<ol class="steps">
			{toChildArray(children).map((child, index) => (
				<li key={index}>{child}</li>
			))}
		</ol>
	);
}

/**
 * Things to choose from elsewhere, as the apps that work: each with its name and a few short facts.
 *
 * @param facts in the same order on every card, as kind, cost, where it runs
 */
export function Cards({ cards }: { cards: readonly { name: string; facts: readonly string[] }[] }) {
	return (
		<ul class="cards">
			{cards.map(({ name, facts }) => (
				<li key={name}>
					<h3>{name}</h3>
					{facts.map((fact) => (
						<p key={fact}>{fact}</p>
					))}
				</li>
			))}
		</ul>
	);
}
