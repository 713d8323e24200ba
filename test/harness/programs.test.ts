import { generateSync } from "otplib";
import { expect, test } from "vitest";
import { keepassxcCode, oathtoolCode, readPdf, readQrCode } from "./programs.ts";

const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

test("oathtool knows the vector of RFC 6238, appendix B", async () => {
	expect(await oathtoolCode("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", 59_000)).toBe("287082");
});

test("KeePassXC reads an address and agrees with otplib about the code of now", async () => {
	const codeOf = (at: number) => generateSync({ secret: SECRET, epoch: Math.floor(at / 1000) });
	const before = codeOf(Date.now());
	const code = await keepassxcCode(
		`otpauth://totp/HarbourPhysio:avery%40example.com?secret=${SECRET}&issuer=HarbourPhysio`,
	);
	expect([before, codeOf(Date.now())]).toContain(code);
});

test("a picture without a QR code is an error", async () => {
	const onePixel =
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
	await expect(readQrCode(Buffer.from(onePixel, "base64"))).rejects.toThrow("zbarimg");
});

test("what is no PDF is an error", async () => {
	await expect(readPdf(Buffer.from("nothing"))).rejects.toThrow("pdftotext");
});
