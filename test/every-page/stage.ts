import { type App, type AppOptions, startApp } from "../harness/app.ts";
import { everyForm, type Form } from "./forms.ts";
import { snapshot } from "./snapshot.ts";
import { type Everybody, everybody } from "./states.ts";

/** The clinic with everybody in place, and every form that they see. */
export type Stage = AsyncDisposable & {
	app: App;
	people: Everybody;
	forms: Form[];
	/** Back to the moment when all were in place, by the database and by the clock. */
	restore: () => Promise<void>;
};

/** @param startsAt when it is set, epoch milliseconds; else on the Monday morning of all tests */
export async function setStage({
	startsAt,
	...options
}: AppOptions & { startsAt?: number } = {}): Promise<Stage> {
	const app = await startApp(options);
	if (startsAt !== undefined) app.clock.at(startsAt);
	const people = await everybody(app);
	const forms = await everyForm(app, people);
	// No email is under way that would change a row by itself.
	await app.drain();
	const putBack = await snapshot(app);
	const start = app.clock.now();
	return {
		app,
		people,
		forms,
		async restore() {
			await putBack();
			app.clock.at(start);
		},
		[Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
	};
}
