import { render } from "preact-render-to-string";
import type { Email } from "../words/email.ts";

const COLUMN = "max-width:32rem;margin:0 auto;padding:1.5rem 1rem;font:1rem/1.5 system-ui,sans-serif";
const BUTTON =
	"display:inline-block;padding:0.7rem 1.2rem;border-radius:0.4rem;background:#0b6a68;color:#ffffff;font-weight:600;text-decoration:none";
const CODE = "font:600 1.75rem/1.3 ui-monospace,Menlo,Consolas,monospace;letter-spacing:0.05em";
const SMALL = "font-size:0.875rem";

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
					<p>
						<a href={action.url} style={BUTTON}>
							{action.label}
						</a>
					</p>
				)}
				<p style={SMALL}>{paragraphs.at(-1)}</p>
			</body>
		</html>
	);
}
