import { symmetricEncrypt } from "better-auth/crypto";
import { getMigrations } from "better-auth/db/migration";
import { AuthenticatorSecret } from "../src/authenticator-app/secret.ts";
import { freePort } from "../test/harness/free-port.ts";
import { openBetterAuth } from "./better-auth.ts";
import { startChild } from "./child.ts";
import { codeOf, PASSWORD, type Person } from "./clinic-of-many.ts";
import { expectStatus, type Site, siteAt, Visitor } from "./http.ts";
import { untilItAnswers } from "./until-it-answers.ts";

export type BetterAuth = { site: Site; pid: number; people: Person[]; stop: () => Promise<void> };

/** Starts better-auth on an empty database with so many people whose authenticator app is on. */
export async function startBetterAuth(databaseUrl: string, count: number): Promise<BetterAuth> {
	const port = await freePort();
	const origin = `http://localhost:${port}`;
	const people = await makePeople(databaseUrl, origin, count);
	const site = siteAt(port, origin);
	const child = startChild("better-auth-server.ts", [databaseUrl, String(port), origin]);
	await untilItAnswers(site, "/api/auth/ok", child);
	return {
		site,
		pid: child.pid,
		people,
		async stop() {
			site.agent.destroy();
			await child.stop();
		},
	};
}

/** The password there, over HTTP: what is left is the cookie of a sign-in that waits for its code. */
export async function enterPasswordThere(site: Site, { email }: Person): Promise<Visitor> {
	const visitor = new Visitor(site);
	const reply = await visitor.postJson("/api/auth/sign-in/email", { email, password: PASSWORD });
	const answer = expectStatus(reply, 200, "better-auth's password").body.toString("utf8");
	if (!answer.includes("twoFactorRedirect")) throw new Error(`better-auth asked for no code: ${answer}`);
	return visitor;
}

/** The second step there. */
export async function enterCodeThere(visitor: Visitor, person: Person): Promise<void> {
	const reply = await visitor.postJson("/api/auth/two-factor/verify-totp", { code: codeOf(person) });
	const answer = expectStatus(reply, 200, "better-auth's code").body.toString("utf8");
	if (!answer.includes('"token"')) throw new Error(`better-auth gave no session: ${answer}`);
}

async function makePeople(databaseUrl: string, origin: string, count: number): Promise<Person[]> {
	const auth = openBetterAuth(databaseUrl, origin);
	await (await getMigrations(auth.options)).runMigrations();
	const { adapter, internalAdapter, secretConfig } = await auth.$context;
	const people: Person[] = [];
	for (let number = 0; number < count; number++) {
		const email = `person-${number}@bench.example`;
		const { user } = await auth.api.signUpEmail({ body: { name: "Avery Chen", email, password: PASSWORD } });
		const secret = AuthenticatorSecret.fresh();
		// As its plugin keeps a secret that was made elsewhere.
		const sealed = await symmetricEncrypt({ key: secretConfig, data: `base32:${secret.reveal()}` });
		const twoFactor = { userId: user.id, secret: sealed, backupCodes: "none", verified: true };
		await adapter.create({ model: "twoFactor", data: twoFactor });
		await internalAdapter.updateUser(user.id, { twoFactorEnabled: true });
		people.push({ email, secret });
	}
	return people;
}
