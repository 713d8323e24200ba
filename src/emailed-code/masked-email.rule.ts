/** An email that its owner knows again and nobody learns: "a••••@harbour.example". */
export function maskEmail(email: string): string {
	const at = email.lastIndexOf("@");
	const [first = ""] = email;
	return `${first}••••${email.slice(at)}`;
}
