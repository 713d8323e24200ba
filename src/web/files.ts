import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { paths } from "../paths.ts";

const FOLDER = new URL("../../public/", import.meta.url);
const TYPES: Record<string, string> = {
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
};

/** @property version a part of the content's SHA-256, which the address holds */
type PublicFile = { version: string; type: string; plain: Buffer; brotli: Buffer };

/** The stylesheet and scripts by their names, read and compressed once. */
const files = new Map<string, PublicFile>();
for (const name of readdirSync(FOLDER)) {
	const type = TYPES[extname(name)];
	if (type === undefined) continue;
	const plain = readFileSync(new URL(name, FOLDER));
	const version = createHash("sha256").update(plain).digest("hex").slice(0, 12);
	files.set(name, { version, type, plain, brotli: brotliCompressSync(plain) });
}

/** The address of a file in `public/`, which may be kept for ever. */
export function fileAddress(name: string): string {
	const file = files.get(name);
	if (file === undefined) throw new Error(`There is no file public/${name}`);
	return `${paths.files}/${file.version}/${name}`;
}

/** Whatever version an address asks for, there is only this one. */
export function publicFile(name: string): PublicFile | undefined {
	return files.get(name);
}
