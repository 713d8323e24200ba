import type { Config } from "../../config.ts";
import { countClinics } from "../../db/across-clinics.ts";
import type { Db } from "../../db/connect.ts";
import { type Finding, fine, wrong } from "./finding.ts";

export async function checkClinics(db: Db, { clinics }: Pick<Config, "clinics">): Promise<Finding> {
	const count = await countClinics(db);
	if (count === 0)
		return wrong("There is no clinic yet, so nobody can sign in. See: vestibule clinic create --help");
	if (clinics === "one" && count > 1) {
		return wrong(
			`VESTIBULE_CLINICS is one, but there are ${count} clinics: only the first of them is answered. Set VESTIBULE_CLINICS=many.`,
		);
	}
	return fine(count === 1 ? "There is one clinic." : `There are ${count} clinics.`);
}
