import { encode } from "uqr";

/** The quiet zone that scanners need around a code, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/**
 * A QR code as one path, dark on light whatever the colours of the page are.
 *
 * @param title what it is, for those who cannot see it
 */
export function QrCode({ text, title }: { text: string; title: string }) {
	const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
	return (
		<svg role="img" width="260" height="260" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
			<title>{title}</title>
			<rect width={size} height={size} fill="#fff" />
			<path d={darkModules(data)} fill="#000" />
		</svg>
	);
}

/** One rectangle for each run of dark modules in a row. */
function darkModules(rows: readonly (readonly boolean[])[]): string {
	return rows
		.flatMap((row, y) => {
			const line = row.map((dark) => (dark ? "#" : " ")).join("");
			return [...line.matchAll(/#+/g)].map(
				(run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`,
			);
		})
		.join("");
}
