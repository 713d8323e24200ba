/** The headers of every answer (OWASP HTTP Headers Cheat Sheet). */
export function securityHeaders(secure: boolean): Record<string, string> {
	return {
		"content-security-policy":
			"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		...(secure ? { "strict-transport-security": "max-age=31536000" } : {}),
		"x-content-type-options": "nosniff",
		"referrer-policy": "same-origin",
		"cross-origin-opener-policy": "same-origin",
		"cache-control": "no-store",
	};
}
