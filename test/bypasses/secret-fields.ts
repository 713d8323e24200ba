import type { FormField } from "../every-page/forms.ts";

/** A password, a code or a Recovery Code that is looked at. */
export function isSecret({ autocomplete, name }: FormField): boolean {
	return ["current-password", "one-time-code"].includes(autocomplete) || name === "recovery-code";
}

/** Of the same shape, and wrong. */
export function otherThan(secret: string): string {
	const other = secret
		.replaceAll(/[0-9]/g, (digit) => String((Number(digit) + 1) % 10))
		.replace(/^quiet/, "loud");
	return other === secret ? [...secret].reverse().join("") : other;
}
