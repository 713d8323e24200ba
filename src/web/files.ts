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

type PublicFile = { type: string; plain: Buffer; brotli: Buffer };

/** The stylesheet and scripts, read and compressed once. Each address holds a part of the content's SHA-256. */
const files = new Map<string, PublicFile>();
const addresses = new Map<string, string>();
for (const name of readdirSync(FOLDER)) {
	const type = TYPES[extname(name)];
	if (type === undefined) continue;
	const plain = readFileSync(new URL(name, FOLDER));
	const version = createHash("sha256").update(plain).digest("hex").slice(0, 12);
	files.set(`${version}/${name}`, { type, plain, brotli: brotliCompressSync(plain) });
	addresses.set(name, `${paths.files}/${version}/${name}`);
}

/** The address of a file in `public/`, which may be kept for ever. */
export function fileAddress(name: string): string {
	const address = addresses.get(name);
	if (address === undefined) throw new Error(`There is no file public/${name}`);
	return address;
}

export function publicFile(version: string, name: string): PublicFile | undefined {
	return files.get(`${version}/${name}`);
}
