import { en } from "./en.ts";

/** Every sentence a person can read, in one language. A sentence missing from another language is a type error. */
export type Words = typeof en;

/** @param _wanted `Accept-Language`, or the language a person last used; English is all there is yet */
export function wordsFor(_wanted: string | undefined): Words {
	return en;
}
