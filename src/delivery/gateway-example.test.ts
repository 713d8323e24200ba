import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { startApp } from "../../test/harness/app.ts";
import { freePort } from "../../test/harness/free-port.ts";
import { minutes } from "../clock.ts";
import { newId } from "../db/ids.ts";
import { inTransaction } from "../db/transaction.ts";
import { httpGateway } from "./http-gateway.ts";
import { queueText } from "./outbox.ts";
import { findMessage } from "./store.ts";

const SECRET = "a-secret-of-the-example-and-vestibule-alone";
const GUIDE = readFileSync(new URL("../../docs/sms-gateway.md", import.meta.url), "utf8");
const EXAMPLE = /```js\n(.*?)```/s.exec(GUIDE)?.[1] ?? "";
/** What the guide leaves to its reader. */
const SEND_TEXT = "const sendText = async (to, text) => console.log(JSON.stringify({ to, text }));";

test("the gateway of the guide sends each message once, reports it, and takes nothing that Vestibule did not sign", async () => {
	await using gateway = await startExample();
	const { url } = gateway;
	await using app = await startApp({
		clinic: "none",
		environment: {
			VESTIBULE_SMS_PROVIDERS: "http",
			VESTIBULE_HTTP_SMS_URL: url,
			VESTIBULE_HTTP_SMS_SECRET: SECRET,
		},
	});
	// The gateway has a clock of its own. A look at the outbox that began by the other one, days ahead, ends first.
	app.clock.at(Date.now());
	await app.drain();
	const now = app.clock.now();
	const messageId = newId(now);
	const message = { clinicId: "clinic-1", profileId: "profile-avery", messageId, to: "+16045550101" };
	await inTransaction(app.db, (tx) =>
		queueText(tx, app.deps.config.keyring, {
			...message,
			kind: "sign-in-code",
			text: "482913 is your code.",
			now,
			expiresAt: now + minutes(60),
		}),
	);
	// A busy machine may need another try, a few seconds later by both clocks.
	await until(async () => {
		app.clock.at(Date.now());
		await app.drain();
		return gateway.sent.length === 1;
	});
	expect(gateway.sent).toEqual([{ to: "+16045550101", text: "482913 is your code." }]);

	const [settings] = app.deps.config.textProviders;
	if (settings?.name !== "http") throw new Error("The gateway is not configured");
	const again = {
		...message,
		text: "482913 is your code.",
		madeAt: now,
		now,
		endsAt: now + minutes(5),
		receiptAddress: "http://127.0.0.1:1/",
		mayHaveIt: true,
	};
	const answer = await httpGateway(settings).ask(again, AbortSignal.timeout(60_000));
	expect(answer).toEqual({ kind: "taken" });
	expect((await fetch(url, { method: "POST", body: JSON.stringify(again) })).status).toBe(401);
	await until(async () => {
		const receipts = await app.database.backdoor.selectFrom("text_receipts").selectAll().execute();
		return receipts.some(({ state }) => state === "sent");
	});
	expect(await findMessage(app.db, "clinic-1", messageId)).toEqual({ state: "sent", provider: "http" });
	expect(gateway.sent).toHaveLength(1);
});

/** The guide's program, as its reader would run it; on another port where somebody took the one that was free. */
async function startExample() {
	const folder = mkdtempSync(join(tmpdir(), "vestibule-gateway-"));
	const file = join(folder, "gateway.mjs");
	const port = await freePort();
	writeFileSync(file, EXAMPLE.replace("8080", String(port)) + SEND_TEXT);
	const process_ = spawn(process.execPath, [file], {
		env: { ...process.env, SMS_SECRET: SECRET },
		stdio: ["ignore", "pipe", "inherit"],
	});
	const sent: unknown[] = [];
	createInterface(process_.stdout).on("line", (line) => sent.push(JSON.parse(line)));
	const url = `http://127.0.0.1:${port}/send`;
	await until(async () => process_.exitCode !== null || (await refusesStrangers(url)));
	if (process_.exitCode !== null) return startExample();
	return {
		url,
		sent,
		async [Symbol.asyncDispose]() {
			process_.kill();
			rmSync(folder, { recursive: true });
		},
	};
}

function refusesStrangers(url: string): Promise<boolean> {
	return fetch(url, { method: "POST" }).then(
		({ status }) => status === 401,
		() => false,
	);
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
	for (let waited = 0; !(await isTrue()); waited += 20) {
		if (waited > 120_000) throw new Error("It did not come true within two minutes");
		await wait(20);
	}
}
