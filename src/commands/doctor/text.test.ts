import { expect, test } from "vitest";
import { SmsGateway } from "../../../test/harness/sms-gateway.ts";
import { TwilioStandIn } from "../../../test/harness/twilio-stand-in.ts";
import { readConfig } from "../../config.ts";
import { Keyring } from "../../crypto/keyring.ts";
import { httpGateway } from "../../delivery/http-gateway.ts";
import { twilio } from "../../delivery/twilio.ts";
import { testText } from "./text.ts";

const NUMBER = "+16045550101";

test("each provider is tried, and it is said which one took the test message", async () => {
	await using stand = await TwilioStandIn.start();
	await using gateway = await SmsGateway.start();
	const config = readConfig({
		DATABASE_URL: "sqlite:unused.db",
		VESTIBULE_KEYS: Keyring.newKey("test"),
		VESTIBULE_SUPPORT_EMAIL: "privacy@harbour.example",
		VESTIBULE_MAIL_FROM: "no-reply@harbour.example",
		VESTIBULE_SMS_PROVIDERS: "twilio,http",
		...stand.environment,
		...gateway.environment,
	});
	const providers = config.textProviders.flatMap((settings) => {
		if (settings.name === "twilio") return [twilio(settings)];
		return settings.name === "http" ? [httpGateway(settings)] : [];
	});
	expect(await testText(config, providers, NUMBER, Date.now())).toMatchObject([
		{ kind: "fine", sentence: `twilio took the test message to ${NUMBER}. Look whether it arrives.` },
		{ kind: "fine" },
	]);
	expect(stand.messages[0]?.body).toBe("Test message from localhost:3000. There is nothing to do.");
	expect(gateway.texts).toMatchObject([{ to: NUMBER, text: stand.messages[0]?.body }]);

	stand.behave({ kind: "refuses", status: 401, code: 20003 });
	expect(await testText(config, providers, NUMBER, Date.now())).toMatchObject([
		{
			kind: "wrong",
			sentence: `twilio did not take the test message to ${NUMBER}: Twilio answered 401, error 20003.`,
		},
		{ kind: "fine" },
	]);
	expect(await testText(config, [], NUMBER, Date.now())).toMatchObject([{ kind: "wrong" }]);
});
