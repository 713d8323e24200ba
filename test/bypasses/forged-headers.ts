import { paths } from "../../src/paths.ts";
import type { Browser } from "../harness/browser.ts";

/** Where somebody says that they come from. */
export const FORGED_ADDRESS = "198.18.0.1";

const ofAddress = [
	"x-real-ip",
	"true-client-ip",
	"client-ip",
	"x-client-ip",
	"x-cluster-client-ip",
	"x-remote-ip",
	"x-remote-addr",
	"remote-addr",
	"x-originating-ip",
	"x-forwarded",
	"forwarded-for",
	"cf-connecting-ip",
	"fastly-client-ip",
	"x-envoy-external-address",
	"x-azure-clientip",
	"x-appengine-user-ip",
	"proxy-client-ip",
	"wl-proxy-client-ip",
];
const ofHost = [
	"x-forwarded-host",
	"x-forwarded-server",
	"x-original-host",
	"x-host",
	"x-http-host-override",
	"x-forwarded-origin",
];
const ofScheme = [
	"x-forwarded-proto",
	"x-forwarded-protocol",
	"x-forwarded-scheme",
	"x-url-scheme",
	"x-scheme",
];
const ofPath = [
	"x-original-url",
	"x-original-uri",
	"x-rewrite-url",
	"x-replaced-path",
	"x-envoy-original-path",
	"x-forwarded-uri",
	"x-forwarded-url",
	"x-forwarded-path",
	"x-forwarded-prefix",
	"x-script-name",
	"x-auth-request-redirect",
];
const ofMethod = [
	"x-http-method-override",
	"x-http-method",
	"x-method-override",
	"x-forwarded-method",
	"x-original-method",
];
const ofPerson = [
	"remote-user",
	"x-remote-user",
	"x-forwarded-user",
	"x-forwarded-email",
	"x-forwarded-preferred-username",
	"x-auth-request-user",
	"x-auth-request-email",
	"x-authenticated-user",
	"x-webauth-user",
	"x-user",
	"x-ms-client-principal-name",
	"x-goog-authenticated-user-email",
	"ssl-client-s-dn",
];
const ofProof = ["x-forwarded-access", "x-ssl-client-verify", "ssl-client-verify", "x-forwarded-client-cert"];

/**
 * What proxies and what is behind them tell each other, all of it untrue: another address, host, scheme, page, method
 * and person. Of the person also every header that Vestibule itself hands on, as it does to this Full Access user.
 */
export async function forgedHeaders({ browser, email }: { browser: Browser; email: string }) {
	const { headers } = await browser.copy().send(paths.authCheck);
	const handedOn = Object.entries(headers).filter(([name]) => name.startsWith("vestibule-"));
	const all = (names: string[], value: string) => names.map((name) => [name, value]);
	const forged = [
		...all(ofAddress, FORGED_ADDRESS),
		["forwarded", `for=${FORGED_ADDRESS};host=evil.example;proto=https`],
		...all(ofHost, "evil.example"),
		...all(ofScheme, "https"),
		["x-forwarded-port", "443"],
		["x-forwarded-ssl", "on"],
		["front-end-https", "on"],
		...all(ofPath, paths.account),
		...all(ofPerson, email),
		...all(ofProof, "SUCCESS"),
		["authorization", `Basic ${Buffer.from(`${email}:`).toString("base64")}`],
		...handedOn,
	];
	return {
		handedOn: handedOn.map(([name]) => name),
		/** @param method what is really sent */
		to: (method: string): Record<string, string> =>
			Object.fromEntries([...forged, ...all(ofMethod, method === "GET" ? "POST" : "DELETE")]),
	};
}
