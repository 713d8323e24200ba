import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import { Inbox } from "./inbox.ts";

test("an email is read as it was written, accents, long lines and links included", async () => {
	await using inbox = await Inbox.open();
	const link = `http://localhost:3000/forgot-password/set/${"x".repeat(90)}`;
	const text = `Grüße, Zoë — ça va?\n\nOpen this page: ${link}\nIt is = fine.`;
	await createTransport(inbox.server.url).sendMail({
		from: "Vestibule <no-reply@vestibule.example>",
		to: "Avery@Harbour.example",
		subject: "Réinitialiser votre mot de passe — Harbour Physio, la clinique de physiothérapie du port",
		text,
		html: "<p>Grüße</p>",
	});
	const email = await inbox.latest("avery@harbour.example");
	expect(email).toMatchObject({
		to: "avery@harbour.example",
		from: "Vestibule <no-reply@vestibule.example>",
		subject: "Réinitialiser votre mot de passe — Harbour Physio, la clinique de physiothérapie du port",
		text,
		html: "<p>Grüße</p>",
		links: [link],
	});
	await expect(inbox.latest("nobody@harbour.example")).rejects.toThrow(
		"avery@harbour.example: Réinitialiser",
	);
});
