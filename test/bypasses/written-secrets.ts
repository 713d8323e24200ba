import { readFileSync } from "node:fs";
import type { App } from "../harness/app.ts";
import { everythingKept } from "./what-is-kept.ts";

/** Secrets that people met: as each was met, and what it is. */
export type Met = Map<string, string>;

/** However a program might write it down. Digits alone count where they stand alone: any could stand inside a time. */
function spellings(secret: string): string[] {
	const plain = secret.replaceAll(" ", "");
	const bytes: Buffer[] = [Buffer.from(secret), Buffer.from(plain)];
	if (/^[A-Z2-7]{32}$/.test(plain)) bytes.push(fromBase32(plain));
	if (/^[A-Za-z0-9_-]{43}$/.test(plain)) bytes.push(Buffer.from(plain, "base64url"));
	const encoded = bytes.flatMap((each) => {
		const base64 = [each.toString("base64"), each.toString("base64url")];
		return [...base64.map((text) => text.replace(/=+$/, "")), each.toString("hex")];
	});
	const asTyped = [secret, plain, secret.replaceAll(" ", "-"), secret.replaceAll(" ", "+")];
	return [...new Set([...asTyped, plain.toLowerCase(), encodeURIComponent(secret), ...encoded])];
}

export function fromBase32(text: string): Buffer {
	const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter));
	const written = bits.map((five) => five.toString(2).padStart(5, "0")).join("");
	return Buffer.from((written.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Which of these stand somewhere in a text. */
export function foundIn(text: string, met: Met): string[] {
	const stands = (spelling: string) =>
		/^\d+$/.test(spelling)
			? new RegExp(`(?<![\\w.-])${spelling}(?![\\w-])`).test(text)
			: text.includes(spelling);
	return [...met].flatMap(([secret, what]) => (spellings(secret).some(stands) ? [`${what}: ${secret}`] : []));
}

/** Rows, and what lies in the file of a database that is one, deleted or not. */
export async function databaseAsText(app: App): Promise<string> {
	const rows = JSON.stringify(await everythingKept(app));
	if (app.database.engine === "postgres") return rows;
	const file = app.database.url.slice("sqlite:".length);
	return [rows, readFileSync(file, "latin1"), readFileSync(`${file}-wal`, "latin1")].join("\n");
}

/** Everything that the app logs from here on, at every level. */
export function listenToLog({ server }: App): () => string {
	const lines: string[] = [];
	const stream = Object.getOwnPropertySymbols(server.log).find(
		({ description }) => description === "pino.stream",
	);
	if (!stream) throw new Error("The log goes nowhere that can be listened to");
	Object.assign(server.log, { [stream]: { write: (line: string) => lines.push(line) } });
	return () => lines.join("");
}
