/** Takes the pictures in docs/screenshots from a demo of its own, as somebody walks through it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";
import { type Browser, chromium, type Page } from "playwright-core";
import { DEMO_PASSWORD } from "../src/demo/demo-clinic.ts";
import { paths, setUpPaths } from "../src/paths.ts";
import { programPath } from "../test/harness/find-program.ts";
import { freePort } from "../test/harness/free-port.ts";

const PICTURES = "docs/screenshots";
const EMAIL = "avery@harbour.example";
const LARGEST_BYTES = 150_000;

const port = await freePort();
const origin = `http://localhost:${port}`;
const folder = mkdtempSync(join(tmpdir(), "vestibule-screenshots-"));
const demo = startDemo();
const browser = await chromium.launch({
	executablePath: programPath("chromium"),
	args: ["--no-sandbox", "--disable-gpu"],
});
try {
	mkdirSync(PICTURES, { recursive: true });
	await isAnswering();
	await walk(browser);
} finally {
	await browser.close();
	await stop(demo);
	rmSync(folder, { recursive: true });
}

async function walk(browser: Browser): Promise<void> {
	const desk = await open(browser, { width: 1280, height: 800 });
	await desk.goto(paths.signIn);
	await take(desk, "sign-in");
	await enterPassword(desk);

	await desk.goto(paths.authenticatorApp);
	await desk.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await desk.getByRole("button", { name: "Next" }).click();
	const key = await desk.locator(".code-block .code").innerText();
	await take(desk, "set-up");
	await desk.goto(setUpPaths(paths.authenticatorApp).code);
	await desk.getByLabel("Verification code").fill(codeNow(key));
	await desk.getByRole("button", { name: "Submit" }).click();

	await desk.getByLabel("I've saved my Recovery Code").waitFor();
	await take(desk, "recovery-code");
	await desk.getByLabel("I've saved my Recovery Code").check();
	await desk.getByRole("button", { name: "Done" }).click();
	await desk.goto(paths.twoStep);
	await take(desk, "two-step");
	await desk.goto(paths.security);
	await take(desk, "settings");

	const phone = await open(browser, { width: 375, height: 720 });
	await phone.goto(paths.signIn);
	await enterPassword(phone);
	await phone.getByLabel("Verification code").waitFor();
	await take(phone, "phone");
}

async function open(browser: Browser, viewport: { width: number; height: number }): Promise<Page> {
	const context = await browser.newContext({
		baseURL: origin,
		viewport,
		deviceScaleFactor: 1.4,
		colorScheme: "light",
		reducedMotion: "reduce",
		locale: "en-CA",
	});
	return context.newPage();
}

async function enterPassword(page: Page): Promise<void> {
	await page.getByLabel("Email").fill(EMAIL);
	await page.getByLabel("Password", { exact: true }).fill(DEMO_PASSWORD);
	await page.getByRole("button", { name: "Sign in" }).click();
	await page.waitForURL((url) => url.pathname !== paths.signIn);
}

/** @throws Error for a picture that makes the repository heavy */
async function take(page: Page, name: string): Promise<void> {
	const path = `${PICTURES}/${name}.png`;
	await page.screenshot({ path });
	const { size } = statSync(path);
	console.log(`${path}: ${Math.round(size / 1000)} kB`);
	if (size > LARGEST_BYTES) throw new Error(`${path} has more than ${LARGEST_BYTES / 1000} kB`);
}

/** @param key as the page shows it, in groups */
function codeNow(key: string): string {
	return new TOTP({ secret: Secret.fromBase32(key.replaceAll(/\s/g, "")) }).generate();
}

function startDemo(): ChildProcess {
	const { PATH } = process.env;
	// Of the settings of whoever runs this, none: the pictures are of the demo as it comes.
	return spawn(process.execPath, [resolve("dist/main.js"), "serve", "--demo"], {
		cwd: folder,
		env: { PATH, PORT: String(port), VESTIBULE_LOG_LEVEL: "error" },
		stdio: ["ignore", "ignore", "inherit"],
	});
}

async function isAnswering(): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		const isUp = await fetch(origin + paths.signIn).then(
			({ ok }) => ok,
			() => false,
		);
		if (isUp) return;
		await pause(100);
	}
	throw new Error(`The demo does not answer at ${origin}`);
}

async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null) return;
	child.kill("SIGTERM");
	await once(child, "exit");
}
