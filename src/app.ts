import { notMeRoutes } from "./account/not-me-routes.tsx";
import { profileRoutes } from "./account/profile-routes.tsx";
import { accountRoutes } from "./account/routes.tsx";
import { activityRoutes } from "./activity-log/routes.tsx";
import type { Clock } from "./clock.ts";
import type { Config, TextProvider } from "./config.ts";
import { Hasher } from "./crypto/hasher.ts";
import type { Db } from "./db/connect.ts";
import { textSender } from "./delivery/hand-over-text.ts";
import { httpGateway } from "./delivery/http-gateway.ts";
import { smtpSender } from "./delivery/mail.ts";
import { receiptAddress, receiptRoutes } from "./delivery/receipt-routes.ts";
import type { Senders } from "./delivery/send.ts";
import type { ProviderAdapter } from "./delivery/text-provider.ts";
import { twilio } from "./delivery/twilio.ts";
import { startWorker, type Worker } from "./delivery/worker.ts";
import { demoNote } from "./demo/demo-note.tsx";
import { demoInboxRoutes } from "./demo/inbox-routes.tsx";
import { inboxProvider, inboxSender } from "./demo/inbox-sender.ts";
import type { Deps } from "./deps.ts";
import { startMailings } from "./enforcement/mailing-worker.ts";
import { helpRoutes } from "./help/routes.tsx";
import { passwordRoutes } from "./passwords/routes.tsx";
import { confirmRoutes } from "./second-step/confirm-routes.tsx";
import { secondStepRoutes } from "./second-step/routes.tsx";
import { sendFirstText } from "./second-step/send-text.ts";
import { lookAtSession } from "./sessions/gate.tsx";
import { sessionRoutes } from "./sessions/routes.tsx";
import { setUpRoutes } from "./set-up/routes.tsx";
import { signInSetUpRoutes } from "./set-up/sign-in-routes.tsx";
import { reminderRoutes } from "./settings/reminder-routes.tsx";
import { reportRoutes } from "./settings/report-routes.tsx";
import { settingsRoutes } from "./settings/routes.tsx";
import { whoHasItOnRoutes } from "./settings/who-has-it-on-routes.tsx";
import { proveRoutes } from "./sign-in/prove-routes.tsx";
import { signInRoutes } from "./sign-in/routes.tsx";
import { temporaryCodeRoutes } from "./sign-in/temporary-code-routes.tsx";
import { activeRoutes } from "./staff/active-routes.tsx";
import { editRoutes } from "./staff/edit-routes.tsx";
import { giveCodeRoutes } from "./staff/give-code-routes.tsx";
import { inviteRoutes } from "./staff/invite-routes.tsx";
import { resetRoutes } from "./staff/reset-routes.tsx";
import { staffRoutes } from "./staff/routes.tsx";
import { startUpkeep } from "./upkeep/start-upkeep.ts";
import { createWeb, type Web } from "./web/server.tsx";

export type App = {
	server: Web["server"];
	worker: Worker;
	deps: Deps;
	/** Ends what is under way; the database stays open for whoever opened it. */
	close(): Promise<void>;
};

const NO_WORKER: Worker = { stop: async () => {}, drain: async () => {} };

/** The composition root: the one place that knows every part. */
export async function createApp(given: {
	config: Config;
	db: Db;
	clock: Clock;
	/** Leaves the outbox and the upkeep to another process. */
	noWorker?: boolean;
}): Promise<App> {
	const { config, db, clock } = given;
	const web = createWeb({ config, clock, db });
	const { server } = web;
	const deps: Deps = { config, db, clock, hasher: new Hasher(), log: server.log };

	web.showReader(async (visit) => (await lookAtSession(deps, visit))?.profile);
	sessionRoutes(web, deps);
	passwordRoutes(web, deps);
	signInRoutes(web, deps, {
		begun: (tx, visit, signIn) => sendFirstText(tx, deps, visit, signIn),
		note: config.demo ? demoNote : undefined,
	});
	proveRoutes(web, deps);
	temporaryCodeRoutes(web, deps);
	secondStepRoutes(web, deps);
	confirmRoutes(web, deps);
	accountRoutes(web, deps);
	notMeRoutes(web, deps);
	profileRoutes(web, deps);
	setUpRoutes(web, deps);
	signInSetUpRoutes(web, deps);
	settingsRoutes(web, deps);
	reminderRoutes(web, deps);
	whoHasItOnRoutes(web, deps);
	reportRoutes(web, deps);
	activityRoutes(web, deps);
	helpRoutes(web, deps);
	staffRoutes(web, deps);
	inviteRoutes(web, deps);
	editRoutes(web, deps);
	giveCodeRoutes(web, deps);
	activeRoutes(web, deps);
	resetRoutes(web, deps);
	demoInboxRoutes(web, deps);
	receiptRoutes(web, deps, textProviders(given));

	const senders = openSenders(given);
	const worker = given.noWorker ? NO_WORKER : startWork(deps, senders);
	const upkeep = given.noWorker ? undefined : startUpkeep(deps);
	await server.ready();
	return {
		server,
		worker,
		deps,
		async close() {
			await server.close();
			await Promise.all([worker.stop(), upkeep?.stop()]);
			senders.close();
		},
	};
}

/** Sends what waits: the emails to whole clinics become messages in the outbox, and those leave. */
export function startWork(needs: Pick<Deps, "db" | "config" | "clock" | "log">, senders: Senders): Worker {
	const parts = [startMailings(needs), startWorker({ ...needs, senders })];
	return {
		async stop() {
			await Promise.all(parts.map((part) => part.stop()));
		},
		async drain() {
			// In this order: what the first one queues, the second one sends.
			for (const part of parts) await part.drain();
		},
	};
}

type Outside = { config: Config; db: Db; clock: Clock };

/** How messages leave: through what the operator set, else in the demo to its inbox, else not at all: then they wait. */
export function openSenders(outside: Outside): Senders & { close(): void } {
	const { config, db, clock } = outside;
	const mail = config.smtpUrl === undefined ? undefined : smtpSender(config, config.smtpUrl);
	const providers = textProviders(outside);
	return {
		email: mail?.send ?? (config.demo ? inboxSender(db, clock) : undefined),
		text:
			providers.length === 0
				? undefined
				: textSender(providers, clock, (provider, message) => receiptAddress({ config }, provider, message)),
		close: () => mail?.close(),
	};
}

/** Who takes text messages, in the order in which they are asked. */
export function textProviders(outside: Outside): ProviderAdapter[] {
	return outside.config.textProviders.map((settings) => textProvider(settings, outside));
}

function textProvider(settings: TextProvider, { db, clock }: Outside): ProviderAdapter {
	switch (settings.name) {
		case "twilio":
			return twilio(settings);
		case "http":
			return httpGateway(settings);
		case "inbox":
			return inboxProvider(db, clock);
	}
}
