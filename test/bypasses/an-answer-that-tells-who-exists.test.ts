import { expect, test } from "vitest";
import { findClinic } from "../../src/clinics/store.ts";
import { hours, minutes, seconds } from "../../src/clock.ts";
import { DEMO_PASSWORD } from "../../src/demo/demo-clinic.ts";
import { paths } from "../../src/paths.ts";
import { type App, startApp } from "../harness/app.ts";
import { newBrowser } from "../harness/browser.ts";
import { deactivate, invite } from "../harness/by-operator.ts";
import { avery, casey, devon, signIn } from "../harness/people.ts";
import { seenIn } from "./every-address.ts";
import { ownerWithApp } from "./owners.ts";

const WRONG = "not the password at all";
const gale = "gale@harbour.example";
const nobody = "nobody@harbour.example";

/** With a method, without one, deactivated, invited and without a password yet, and nobody at all. */
const everyKind = [avery, casey, devon, gale, nobody];

async function withEveryKind(app: App): Promise<void> {
	await ownerWithApp(app, avery);
	const clinic = await findClinic(app.db, "the-only-one");
	if (!clinic) throw new Error("There is no clinic");
	await deactivate(app, devon);
	await invite(app, { name: "Gale Roy", email: gale, access: "limited", mobile: null });
	await app.drain();
}

/** What a stranger sees who sends this form, with the email taken out of it. */
async function answerTo(app: App, path: string, form: { email: string; password?: string }) {
	const reply = await newBrowser(app).send(path, { method: "POST", form });
	const seen = seenIn(reply);
	const body = seen.body.replaceAll("<wbr>", "").replaceAll(form.email, "…");
	return { ...seen, body, headers: Object.keys(reply.headers).sort() };
}

/** Sends the same for each kind of email and expects the same answer for all. @returns that answer */
async function theOneAnswer(app: App, path: string, password?: string) {
	const now = app.clock.now();
	const answers = [];
	for (const email of everyKind) {
		// At the very same moment, as far as the clock goes.
		app.clock.at(now);
		answers.push({
			email,
			answer: await answerTo(app, path, password === undefined ? { email } : { email, password }),
		});
	}
	const [first] = answers;
	if (!first) throw new Error("Nobody was asked");
	for (const { email, answer } of answers) expect(answer, email).toEqual(first.answer);
	return first.answer;
}

test("a wrong password is answered with the same words and the same work, whether the profile is there or not", async () => {
	await using app = await startApp();
	await withEveryKind(app);
	const { statements } = app.database;
	const work: string[][] = [];
	for (const email of everyKind) {
		const before = statements.length;
		const { status, body } = await answerTo(app, paths.signIn, { email, password: WRONG });
		expect(status).toBe(422);
		expect(body).toContain("That email and password don't match.");
		// But for the workers, which look at the outbox and at the mailings whatever is asked.
		work.push(statements.slice(before).filter((statement) => !/outbox|mailings/.test(statement)));
	}
	for (const [index, statementsSent] of work.entries()) {
		expect(statementsSent, everyKind[index]).toEqual(work[0]);
	}
	await theOneAnswer(app, paths.signIn, WRONG);
});

test("a deactivated person's right password is answered like a wrong one", async () => {
	await using app = await startApp();
	await withEveryKind(app);
	const right = await answerTo(app, paths.signIn, { email: devon, password: DEMO_PASSWORD });
	const wrong = await answerTo(app, paths.signIn, { email: devon, password: WRONG });
	expect(right).toEqual(wrong);
});

test("ten wrong passwords lead every email into the same wait, which doubles alike, and 100 into the same closed state", async () => {
	await using app = await startApp();
	await withEveryKind(app);
	let tried = 0;
	const wrong = async () => {
		const { status, body } = await theOneAnswer(app, paths.signIn, WRONG);
		tried++;
		expect(status, `the wrong password number ${tried}`).toBe(422);
		return body;
	};
	const waits = async (howLong: string) => {
		const { status, body } = await theOneAnswer(app, paths.signIn, WRONG);
		expect(status).toBe(429);
		expect(body).toContain(`Wait ${howLong}`);
	};

	while (tried < 10) await wrong();
	for (const wait of [1, 2, 4, 8, 16, 32, 60, 60]) {
		await waits(wait === 60 ? "1 hour" : wait === 1 ? "1 minute" : `${wait} minutes`);
		app.clock.forward(minutes(wait) + seconds(1));
		await wrong();
	}
	// As after many more of these hours: the rest of the hundred is counted by the same limit.
	const { backdoor } = app.database;
	const rows = await backdoor
		.selectFrom("tries")
		.selectAll()
		.where("limit_name", "=", "passwordsUnknownBrowser")
		.execute();
	expect(rows).toHaveLength(everyKind.length);
	for (const row of rows) {
		const state = JSON.parse(row.state);
		expect(state.inARow).toBe(tried);
		await backdoor
			.updateTable("tries")
			.set({ state: JSON.stringify({ ...state, inARow: 99 }) })
			.where("key", "=", row.key)
			.execute();
	}
	app.clock.forward(hours(1) + seconds(1));
	await wrong();
	const closed = await theOneAnswer(app, paths.signIn, WRONG);
	expect(closed.body).toContain("If you're sure they do, choose Forgot your password?");
	// To a stranger the right password is no different from there on.
	expect(await theOneAnswer(app, paths.signIn, DEMO_PASSWORD)).toEqual(closed);
	app.clock.forward(hours(24 * 30));
	expect(await theOneAnswer(app, paths.signIn, WRONG)).toEqual(closed);
});

test("Forgot your password? answers the same for every email, also when its links are used up", async () => {
	await using app = await startApp();
	await withEveryKind(app);
	for (let asked = 0; asked < 5; asked++) {
		const { status, body } = await theOneAnswer(app, paths.forgotPassword);
		expect(status).toBe(200);
		expect(body).toMatch(/If <span class="email">…<.span> belongs to a staff profile here/);
	}
	const to = (await app.inbox.all()).filter(({ subject }) => subject.startsWith("Choose a new password"));
	// Whoever is deactivated or nobody gets none; who was invited gets one, and nobody more than three.
	expect([...new Set(to.map((email) => email.to))].sort()).toEqual([avery, casey, gale]);
	expect(to).toHaveLength(9);
});

test("a known browser of one person learns nothing about another", async () => {
	await using app = await startApp();
	await withEveryKind(app);
	const colleague = newBrowser(app);
	await signIn(colleague, casey);
	const answers = [];
	for (const email of [avery, devon, gale, nobody]) {
		const form = { email, password: WRONG };
		const { status, body } = seenIn(await colleague.copy().send(paths.signIn, { method: "POST", form }));
		answers.push({ status, body: body.replaceAll(email, "…") });
	}
	for (const answer of answers) expect(answer).toEqual(answers[0]);
});
