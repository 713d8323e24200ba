import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProgramName, programPath } from "./find-program.ts";

/**
 * The code that `oathtool` computes (RFC 6238: SHA-1, 6 digits, 30 s).
 *
 * @param secret base 32; spaces are left out
 * @param at epoch milliseconds
 */
export function oathtoolCode(secret: string, at: number): Promise<string> {
	const time = `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
	return run("oathtool", ["--totp", "--base32", "--now", time, secret.replaceAll(" ", "")]);
}

/** What `zbarimg` reads from the QR code in a picture. */
export function readQrCode(png: Uint8Array): Promise<string> {
	return inFolder(async (folder) => {
		const file = join(folder, "qr.png");
		await writeFile(file, png);
		return run("zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file]);
	});
}

/** What `pdftotext` reads from a PDF, laid out as on paper. */
export function readPdf(pdf: Uint8Array): Promise<string> {
	return run("pdftotext", ["-layout", "-", "-"], pdf);
}

/**
 * The code that KeePassXC shows now, by the computer's own clock, for an `otpauth:` address.
 *
 * @param address as the QR code holds it
 */
export function keepassxcCode(address: string): Promise<string> {
	const otp = address.replaceAll("&", "&amp;");
	const database = `<?xml version="1.0"?><KeePassFile><Meta/><Root><Group><Name>Root</Name><Entry>
		<String><Key>Title</Key><Value>clinic</Value></String>
		<String><Key>otp</Key><Value>${otp}</Value></String>
	</Entry></Group></Root></KeePassFile>`;
	return inFolder(async (folder) => {
		const xml = join(folder, "one-entry.xml");
		const kdbx = join(folder, "one-entry.kdbx");
		await writeFile(xml, database);
		await run("keepassxc-cli", ["import", "--set-password", xml, kdbx], "for this test\nfor this test\n");
		return run("keepassxc-cli", ["show", "--quiet", "--totp", kdbx, "clinic"], "for this test\n");
	});
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), "vestibule-program-"));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** @returns what it prints, without the last line break */
function run(program: ProgramName, words: string[], input: string | Uint8Array = ""): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(programPath(program), words);
		let printed = "";
		let complained = "";
		child.stdout.on("data", (chunk) => {
			printed += chunk;
		});
		child.stderr.on("data", (chunk) => {
			complained += chunk;
		});
		child.on("error", reject);
		child.on("close", (code) => {
			if (code === 0) resolve(printed.replace(/\n$/, ""));
			else reject(new Error(`${program} ended with ${code}: ${complained}`));
		});
		child.stdin.on("error", () => {});
		child.stdin.end(input);
	});
}
