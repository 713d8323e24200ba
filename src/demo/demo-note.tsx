import { FactList } from "../web/controls.tsx";
import { useWords } from "../web/page-frame.tsx";
import { DEMO_PASSWORD, DEMO_STAFF } from "./demo-clinic.ts";

function DemoNote() {
	const { demo, account } = useWords();
	return (
		<section class="card">
			<h2>{demo.whoTitle}</h2>
			<p>
				{demo.password} <code>{DEMO_PASSWORD}</code>
			</p>
			<FactList
				facts={DEMO_STAFF.map(({ name, email, access }) => ({
					label: `${name}, ${account.accessLevels[access]}`,
					value: email,
				}))}
			/>
		</section>
	);
}

/** Who can sign in, below the form; in the demo only. */
export const demoNote = () => <DemoNote />;
