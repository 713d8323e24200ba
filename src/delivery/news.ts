import type { Visit } from "../web/visit.ts";
import type { EmailNews } from "../words/email.ts";

/** What every security email tells besides what happened: to whom, when and from where. */
export function newsOf(visit: Visit, personName: string): EmailNews {
	return {
		clinicName: visit.clinic.name,
		personName,
		when: visit.now,
		timeZone: visit.clinic.timeZone,
		where: { browserName: visit.browser.name, address: visit.network.address },
	};
}
