import type { MethodKind, SignedInBy } from "../db/tables.ts";
import type { Profile } from "../profiles/profile.ts";

/** What a finished sign-in gives, with the person whose it is. */
export type Session = {
	sessionId: string;
	profile: Profile;
	browserHash: string;
	browserName: string;
	address: string;
	signedInBy: SignedInBy;
	startedAt: number;
	lastSeenAt: number;
	expiresAt: number;
	/** When it last passed a method's code or the Recovery Code; null when it has not yet. */
	methodPassedAt: number | null;
	/** Until when *Lost your phone?* asks nothing more; null where the person did not come in that way. */
	lostPhoneUntil: number | null;
	/** What was ticked there as lost. */
	lostKinds: MethodKind[];
	/** Whether the set-up it holds ends the other sessions once the method is on. */
	setUpSignsOut: boolean;
	/** The page that was first asked for, while the sign-in's last pages are still shown. */
	returnTo: string | null;
	wrongProofs: number;
};

/** A session as the person whose it is sees it among their others. */
export type ListedSession = Pick<
	Session,
	"sessionId" | "browserName" | "address" | "signedInBy" | "startedAt" | "lastSeenAt" | "expiresAt"
>;
