import { render } from "preact-render-to-string";
import type { Email } from "../words/email.ts";

// In pixels, and the font again in the cell: Outlook knows no other unit, and has tables forget the font around them.
const FONT = "font-family:'Segoe UI',system-ui,sans-serif;font-size:16px;line-height:24px";
const COLUMN = `${FONT};max-width:512px;margin:0 auto;padding:24px 16px;overflow-wrap:anywhere`;
const CODE =
	"font-family:ui-monospace,Menlo,Consolas,monospace;font-size:28px;line-height:36px;font-weight:600;letter-spacing:1px";
/** Outlook gives no link a padding: there the cell has it. */
const BUTTON_CELL = "background:#0b6a68;border-radius:6px;mso-padding-alt:11px 19px";
const BUTTON = `${FONT};display:inline-block;padding:11px 19px;border-radius:6px;color:#ffffff;font-weight:600;text-decoration:none`;
const SMALL = "font-size:14px;line-height:21px";

/**
 * An email as HTML: no images, nothing loaded from anywhere. It sets no colours but the button's, so that mail
 * programs draw it light or dark as their reader wants.
 */
export function emailHtml(email: Email): string {
	return `<!doctype html>${render(<EmailDocument email={email} />)}`;
}

function EmailDocument({ email }: { email: Email }) {
	const { subject, paragraphs, code, action, language } = email;
	return (
		<html lang={language}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width" />
				<meta name="color-scheme" content="light dark" />
				<title>{subject}</title>
			</head>
			<body style={COLUMN}>
				<p>{paragraphs[0]}</p>
				{code && <p style={CODE}>{code}</p>}
				{paragraphs.slice(1, -1).map((text) => (
					<p key={text}>{text}</p>
				))}
				{action && (
					<table role="presentation" cellpadding="0" cellspacing="0">
						<tr>
							<td style={BUTTON_CELL}>
								<a href={action.url} style={BUTTON}>
									{action.label}
								</a>
							</td>
						</tr>
					</table>
				)}
				<p style={SMALL}>{paragraphs.at(-1)}</p>
			</body>
		</html>
	);
}
