import { paths } from "../paths.ts";
import { usePage } from "../web/page-frame.tsx";

/** Who can change what the clinic allows and requires, and where. */
export function WhoChangesTheRule() {
	const { words, reader } = usePage();
	const { account } = words;
	if (reader?.access !== "full") return <p>{account.whoChangesRule}</p>;
	return (
		<p>
			{account.youChangeRule} <a href={paths.enforcement}>{account.openRule}</a>
		</p>
	);
}
