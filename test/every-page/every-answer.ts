import type { Reply } from "../harness/browser.ts";
import { addressesFor } from "./addresses.ts";
import type { Stage } from "./stage.ts";
import { statesOf } from "./states.ts";

/** Every answer to a GET, HEAD or OPTIONS of every address, to everybody. */
export async function* everyAnswer({
	app,
	people,
}: Stage): AsyncGenerator<{ about: string; method: string; reply: Reply }> {
	for (const state of statesOf(people)) {
		for (const address of [...addressesFor("GET", app, people), "/no-such-page", "/%zz"]) {
			for (const method of ["GET", "HEAD", "OPTIONS"]) {
				const reply = await state.browser.copy().send(address, { method });
				yield { about: `${state.name}: ${method} ${address}`, method, reply };
			}
		}
	}
}
