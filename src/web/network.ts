import ipaddr from "ipaddr.js";

/** Where a request comes from, as counters and pages see it. */
export type Network = {
	/** The client's own address, as text. */
	address: string;
	/** What one subscriber holds: an IPv4 address, or an IPv6 /64. */
	key: string;
	/** The IPv6 /48 around it; undefined for IPv4. */
	widerKey: string | undefined;
};

/** Whoever comes without an address that can be read shares one network. */
const UNREADABLE: Network = { address: "unknown", key: "unknown", widerKey: undefined };

/**
 * Reads a client's address. IPv4 written inside IPv6 is IPv4.
 *
 * @param address of the socket, or as a proxy wrote it: some write the port behind it. Undefined once a socket is gone
 */
export function networkOf(address: string | undefined): Network {
	const bare = (address ?? "")
		.trim()
		.replace(/^\[(.*)\](?::\d+)?$/, "$1")
		.replace(/^([\d.]+):\d+$/, "$1")
		.replace(/%.*$/, "");
	if (!ipaddr.isValid(bare)) return UNREADABLE;
	const parsed = ipaddr.process(bare);
	if (parsed.kind() === "ipv4")
		return { address: parsed.toString(), key: parsed.toString(), widerKey: undefined };
	const groups = parsed.toNormalizedString().split(":");
	return {
		address: parsed.toString(),
		key: `${groups.slice(0, 4).join(":")}::/64`,
		widerKey: `${groups.slice(0, 3).join(":")}::/48`,
	};
}

/** Whether two addresses belong to one network. */
export function isSameNetwork(a: string, b: string): boolean {
	return networkOf(a).key === networkOf(b).key;
}
