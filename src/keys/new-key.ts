import { randomBytes } from "node:crypto";
import {
	closeSync,
	fchownSync,
	fsyncSync,
	openSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Keyring } from "../crypto/keyring.ts";

const ONLY_ITS_OWNER = 0o600;

/** A fresh entry for a key ring, named by the day it was made. */
export function newKey(now: number): string {
	return Keyring.newKey(`${new Date(now).toISOString().slice(0, 10)}-${randomBytes(2).toString("hex")}`);
}

/**
 * Puts a key in front of those in a file. The file is replaced as a whole, so that at every moment it can be read
 * and holds every key that sealed anything; it stays its owner's, and nobody else can read it.
 *
 * @throws Error when what would be written is no key ring, or the file cannot be written
 */
export function addKeyInFront(file: string, key: string): void {
	// Where it is a link, what it points to is replaced.
	const target = realpathSync(file);
	const text = `${key}\n${readFileSync(target, "utf8")}`;
	new Keyring(text);
	const { uid, gid } = statSync(target);
	const fresh = `${target}.${randomBytes(4).toString("hex")}`;
	const descriptor = openSync(fresh, "wx", ONLY_ITS_OWNER);
	try {
		writeSync(descriptor, text);
		if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
		fsyncSync(descriptor);
		renameSync(fresh, target);
	} catch (error) {
		rmSync(fresh, { force: true });
		throw error;
	} finally {
		closeSync(descriptor);
	}
	syncFolder(dirname(target));
}

/** So that the new name survives a power cut. */
function syncFolder(folder: string): void {
	const descriptor = openSync(folder, "r");
	fsyncSync(descriptor);
	closeSync(descriptor);
}
