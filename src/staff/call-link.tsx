import { prettyNumber } from "../text-message/number.rule.ts";

/** The number to call, to be pressed on a phone. @param number E.164 */
export function CallLink({ number }: { number: string }) {
	return (
		<a href={`tel:${number}`}>
			<strong>{prettyNumber(number)}</strong>
		</a>
	);
}
