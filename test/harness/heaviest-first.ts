import { readFileSync } from "node:fs";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begins with what takes longest, so that one worker does not end long after the other: pages in Chromium, then long files. */
export class HeaviestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const weighed = files.map((file) => ({ file, weight: weightOf(file) }));
		weighed.sort((one, other) => byProject(one.file, other.file) || other.weight - one.weight);
		return weighed.map(({ file }) => file);
	}
}

/** A worker is kept from one file to the next of the same project. */
function byProject(one: TestSpecification, other: TestSpecification): number {
	const [name, otherName] = [one.project.name, other.project.name];
	return name < otherName ? -1 : name > otherName ? 1 : 0;
}

function weightOf({ moduleId }: TestSpecification): number {
	const text = readFileSync(moduleId, "utf8");
	return text.length * (/openChromium|AtABrowser/.test(text) ? 100 : 1);
}
