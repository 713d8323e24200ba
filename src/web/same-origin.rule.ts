const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a request may change anything: it comes from a page of this very origin, or was made by the person in
 * the browser itself (OWASP Cross-Site Request Forgery Prevention, Fetch Metadata with Origin as the fallback).
 *
 * @param origin `Origin`, as sent
 * @param ownOrigin the origin this clinic is reached at
 */
export function isFromThisOrigin(
	method: string,
	secFetchSite: string | undefined,
	origin: string | undefined,
	ownOrigin: string,
): boolean {
	if (SAFE_METHODS.has(method)) return true;
	if (secFetchSite !== undefined) return secFetchSite === "same-origin" || secFetchSite === "none";
	return origin === ownOrigin;
}
