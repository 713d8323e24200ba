import { createRequire } from "node:module";
import { crc32, deflateSync } from "node:zlib";
import { HOTP, Secret, TOTP, URI } from "otpauth";
import { generateSync } from "otplib";
import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { keepassxcCode, oathtoolCode, readQrCode } from "../../test/harness/programs.ts";
import { otpauthAddress, setupKeyInGroups } from "./otpauth-address.rule.ts";
import { QrCode } from "./qr.tsx";
import { AuthenticatorSecret } from "./secret.ts";
import { readTimeStep, timeStepAt } from "./time-step.rule.ts";

/** What otplib reads addresses with; it is a package of its own that comes with otplib. */
const fromOtplib = createRequire(createRequire(import.meta.url).resolve("otplib"));
const { parse } = fromOtplib("@otplib/uri") as {
	parse: (address: string) => { type: string; label: string; params: { secret: string; issuer?: string } };
};

const accounts = [
	["Harbour Physio", "avery@harbour.example", "HarbourPhysio", "avery@harbour.example"],
	["Élan & Cœur", "o'brien+desk@harbour.example", "ElanCoeur", "o'brien+desk@harbour.example"],
	["みなと", "a:b/c?d#e&f%g@みなと.example", "harbour", "a_b_c_d_e_f_g@みなと.example"],
	["Steam", "🦴@harbour.example", "SteamClinic", "🦴@harbour.example"],
	["Late period", "(x)!*~@harbour.example", "LatePeriodClinic", "(x)!*~@harbour.example"],
] as const;

describe.each(accounts)("%s, %s", (clinicName, email, issuer, account) => {
	const secret = AuthenticatorSecret.fresh();
	const address = otpauthAddress({ clinicName, shortName: "harbour", email, secret });
	const now = Date.UTC(2026, 11, 7, 17, 0, 10);
	const isRightNow = (code: string, at = now) =>
		expect(readTimeStep(secret, code, at, new Set())).toEqual({ kind: "right", timeStep: timeStepAt(at) });

	test("otpauth reads issuer, account and key, and computes the code that Vestibule takes", () => {
		const read = URI.parse(address);
		expect(read).toMatchObject({ issuer, label: account, algorithm: "SHA1", digits: 6, period: 30 });
		if (!(read instanceof TOTP)) throw new Error("Not a time-based address");
		isRightNow(read.generate({ timestamp: now }));
	});

	test("otplib reads them too, and computes the same code", () => {
		const { type, label, params } = parse(address);
		expect({ type, label, params }).toEqual({
			type: "totp",
			label: `${issuer}:${account}`,
			params: { secret: secret.reveal(), issuer },
		});
		isRightNow(generateSync({ secret: params.secret, epoch: now / 1000 }));
	});

	test("oathtool computes the same code from the key typed by hand", async () =>
		isRightNow(await oathtoolCode(setupKeyInGroups(secret).join(" "), now)));

	test("KeePassXC takes the address, and shows the code of now", async () => {
		const before = Date.now();
		const code = await keepassxcCode(address);
		const steps = new Set([timeStepAt(before), timeStepAt(Date.now())]);
		const reading = readTimeStep(secret, code, before, new Set());
		expect(reading.kind).toBe("right");
		expect(steps).toContain("timeStep" in reading && reading.timeStep);
	});

	test("zbar reads the same address from the QR code that the page draws", async () => {
		const svg = render(<QrCode text={address} title="A QR code" />);
		expect(await readQrCode(pictureOf(svg))).toBe(address);
	});
});

test("oathtool and Vestibule agree on the vectors of RFC 6238", async () => {
	const seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
	const at = Date.UTC(2009, 1, 13, 23, 31, 30);
	const code = await oathtoolCode(seed, at);
	expect(code).toBe("005924");
	expect(code).toBe(HOTP.generate({ secret: Secret.fromBase32(seed), counter: timeStepAt(at) }));
	expect(readTimeStep(AuthenticatorSecret.read(seed), code, at, new Set()).kind).toBe("right");
});

test("a QR code is one path with a quiet zone of 4 modules, dark on light, and has a title", () => {
	const svg = render(<QrCode text="otpauth://totp/a:b" title="A & B" />);
	expect(svg.match(/<path/g)).toHaveLength(1);
	expect(svg).toContain('role="img"');
	expect(svg).toContain("<title>A &amp; B</title>");
	expect(svg).toMatch(/<rect width="(\d+)" height="\1" fill="#fff"/);
	const { size, dark } = modulesOf(svg);
	const columns = dark.map(([x]) => x);
	const rows = dark.map(([, y]) => y);
	expect([Math.min(...columns), Math.min(...rows)]).toEqual([4, 4]);
	expect([Math.max(...columns), Math.max(...rows)]).toEqual([size - 5, size - 5]);
});

/** Reads the dark modules back from the path. */
function modulesOf(svg: string): { size: number; dark: [x: number, y: number][] } {
	const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
	const dark = [...svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].flatMap(([, x, y, width]) =>
		Array.from({ length: Number(width) }, (_, i): [number, number] => [Number(x) + i, Number(y)]),
	);
	return { size, dark };
}

/** Draws a QR code as a grey-scale PNG, 6 pixels a module (PNG specification, 11.2). */
function pictureOf(svg: string): Buffer {
	const scale = 6;
	const { size, dark } = modulesOf(svg);
	const side = size * scale;
	const rows = Array.from({ length: side }, () => Buffer.alloc(side + 1, 255).fill(0, 0, 1));
	for (const [x, y] of dark) {
		for (const row of rows.slice(y * scale, (y + 1) * scale)) row.fill(0, 1 + x * scale, 1 + (x + 1) * scale);
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	header.writeUInt8(8, 8);
	return Buffer.concat([
		Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
		chunk("IHDR", header),
		chunk("IDAT", deflateSync(Buffer.concat(rows))),
		chunk("IEND", Buffer.alloc(0)),
	]);
}

function chunk(name: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(name), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, sum]);
}
