import type { ComponentChildren } from "preact";
import { CopyIcon, PrintIcon } from "./icons.tsx";
import { useWords } from "./page-frame.tsx";

/**
 * A Recovery Code or setup key to keep, in groups that can be read aloud, with **Copy**.
 *
 * @param copy what is copied, with or without what stands between the groups
 * @param children more to do with it, as **Download** and **Print**
 */
export function CodeBlock({
	label,
	groups,
	copy,
	children,
}: {
	label: string;
	groups: readonly string[];
	copy: string;
	children?: ComponentChildren;
}) {
	return (
		<div class="code-block">
			<p class="code-label">{label}</p>
			<p class="code notranslate">
				{groups.map((group, index) => [index > 0 && " ", <span key={`${index}${group}`}>{group}</span>])}
			</p>
			<div class="code-actions">
				<CopyButton text={copy} />
				{children}
			</div>
		</div>
	);
}

/** Appears where scripts can copy. */
function CopyButton({ text }: { text: string }) {
	const words = useWords();
	return (
		<>
			<button
				type="button"
				class="button secondary"
				hidden
				data-copy={text}
				data-copied={words.controls.copied}
			>
				<CopyIcon /> <span>{words.controls.copy}</span>
			</button>
			<span class="visually-hidden" role="status" />
		</>
	);
}

/** Appears where scripts can print. */
export function PrintButton() {
	const words = useWords();
	return (
		<button type="button" class="button secondary" hidden data-print>
			<PrintIcon /> {words.controls.print}
		</button>
	);
}
