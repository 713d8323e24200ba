import { accessSync, constants } from "node:fs";
import { basename, delimiter, isAbsolute, join } from "node:path";

/**
 * The programs that the tests need from the system: their usual names, the one to prefer first, and the Debian packages
 * that one is in.
 */
export const programs = {
	chromium: {
		names: [
			// The same without windows: it takes two thirds of the time.
			"chromium-headless-shell",
			"chromium",
			"chromium-browser",
			"google-chrome-stable",
			"google-chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		],
		debianPackages: ["chromium-headless-shell", "fonts-liberation"],
	},
	oathtool: { names: ["oathtool"], debianPackages: ["oathtool"] },
	zbarimg: { names: ["zbarimg"], debianPackages: ["zbar-tools"] },
	"keepassxc-cli": { names: ["keepassxc-cli"], debianPackages: ["keepassxc"] },
	pdftotext: { names: ["pdftotext"], debianPackages: ["poppler-utils"] },
	nginx: { names: ["nginx"], debianPackages: ["nginx-light"] },
	caddy: { names: ["caddy"], debianPackages: ["caddy"] },
} as const;

export type ProgramName = keyof typeof programs;

/** Where a program is; undefined if this system has not got it. For Chromium, `CHROMIUM` may say so. */
export function findProgram(name: ProgramName): string | undefined {
	const chosen = name === "chromium" ? process.env.CHROMIUM : undefined;
	const names: readonly string[] = chosen ? [chosen] : programs[name].names;
	// Servers such as nginx are kept where an ordinary user's PATH does not look.
	const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
	const candidates = names.flatMap((file) =>
		isAbsolute(file) ? [file] : folders.map((folder) => join(folder, file)),
	);
	return candidates.find(isExecutable);
}

/** Whether it is there by the name to prefer, or was chosen. */
export function isAsPreferred(name: ProgramName): boolean {
	const path = findProgram(name);
	const isChosen = name === "chromium" && process.env.CHROMIUM !== undefined;
	return path !== undefined && (isChosen || basename(path) === programs[name].names[0]);
}

/** @throws Error if this system has not got it; `npm test` looks for all of them before anything runs */
export function programPath(name: ProgramName): string {
	const path = findProgram(name);
	if (path === undefined) throw new Error(`${name} is not installed`);
	return path;
}

function isExecutable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
