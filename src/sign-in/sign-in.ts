import type { MethodKind } from "../db/tables.ts";
import type { Profile } from "../profiles/profile.ts";

/** The unfinished journey from password to session. It holds facts and never a conclusion, and is not a session. */
export type SignIn = {
	signInId: string;
	profile: Profile;
	/** When the password was set by an emailed link; null where the person changed it themselves. */
	passwordSetByLinkAt: number | null;
	/** When its emailed code was right. */
	emailedCodePassedAt: number | null;
	temporaryCodePassedAt: number | null;
	knownBrowser: boolean;
	/** The method chosen at **Try another way**; null asks for the default one. */
	askedKind: MethodKind | null;
	returnTo: string | null;
	expiresAt: number;
};
