import { expect, test } from "vitest";
import { runCommand } from "../../test/harness/command.ts";
import { freshDatabase } from "../../test/harness/database.ts";
import { startMailServer } from "../../test/harness/mail-server.ts";
import { createHarbour } from "../../test/harness/operated-app.ts";
import { Keyring } from "../crypto/keyring.ts";

test("work --once sends what waits, forgets what is over, and ends", async () => {
	await using database = await freshDatabase();
	await using server = await startMailServer();
	const environment = {
		DATABASE_URL: database.url,
		SMTP_URL: server.url,
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_URL: "https://sign-in.harbour.example",
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_LOG_LEVEL: "silent",
	};
	await runCommand(environment, ...createHarbour);
	const { clinic_id } = await database.backdoor.selectFrom("clinics").selectAll().executeTakeFirstOrThrow();
	await database.backdoor
		.insertInto("tries")
		.values({ clinic_id, limit_name: "x", key: "k", state: "", expires_at: 1 })
		.execute();
	expect(server.received).toEqual([]);

	expect(await runCommand(environment, "work", "--once")).toMatchObject({ exitCode: 0, err: "" });
	expect(server.received.map(({ to, subject }) => [to, subject])).toEqual([
		[["avery@harbour.example"], "Set your password – Harbour Physio"],
	]);
	expect(await database.backdoor.selectFrom("tries").selectAll().execute()).toEqual([]);
	expect(await runCommand(environment, "work", "--once")).toMatchObject({ exitCode: 0, err: "" });
	expect(server.received).toHaveLength(1);
});

test("without a mail server, work --once leaves emails waiting", async () => {
	await using database = await freshDatabase();
	const environment = {
		DATABASE_URL: database.url,
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_SUPPORT_EMAIL: "privacy@vestibule.example",
		VESTIBULE_MAIL_FROM: "Vestibule <no-reply@vestibule.example>",
		VESTIBULE_LOG_LEVEL: "silent",
	};
	const made = await runCommand(environment, ...createHarbour);
	expect(made.out).toContain("No SMTP_URL is set, so the email with it waits");
	expect(await runCommand(environment, "work", "--once")).toMatchObject({ exitCode: 0 });
	const states = await database.backdoor.selectFrom("outbox").select("state").execute();
	expect(states).toEqual([{ state: "waiting" }]);
});
