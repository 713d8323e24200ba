import type { ComponentChildren } from "preact";
import { EmailField, Field, type FieldError, Group, PhoneField, Radio } from "../web/controls.tsx";
import type { Fields } from "../web/fields.ts";
import { usePage } from "../web/page-frame.tsx";
import type { Words } from "../words/words.ts";
import type { PersonField, TypedPerson } from "./person-form.rule.ts";

/** The fields of a staff profile: to invite somebody, and to edit them. */
export function PersonFields(props: {
	typed: TypedPerson;
	emailHint?: ComponentChildren;
	mobileHint: ComponentChildren;
	/** Else they can only be Limited. */
	mayBeFull: boolean;
}) {
	const { staffProfiles, account } = usePage().words;
	const { typed } = props;
	return (
		<>
			<Field name="name" label={staffProfiles.name} value={typed.name} />
			<EmailField
				name="email"
				label={staffProfiles.email}
				value={typed.email}
				hint={props.emailHint}
				autocomplete="off"
			/>
			<PhoneField
				name="mobile"
				label={staffProfiles.mobile}
				value={typed.mobile}
				hint={props.mobileHint}
				autocomplete="off"
			/>
			<Group name="access" legend={staffProfiles.access}>
				{(props.mayBeFull ? (["limited", "full"] as const) : (["limited"] as const)).map((access) => (
					<Radio
						key={access}
						name="access"
						value={access}
						label={account.accessLevels[access]}
						hint={staffProfiles.accessHints[access]}
						checked={typed.access === access}
					/>
				))}
			</Group>
		</>
	);
}

/** What is wrong in each of these fields, and what to do. */
export function personErrors(
	fields: readonly PersonField[],
	typed: TypedPerson,
	{ staffProfiles }: Words,
): FieldError[] {
	const sentences = {
		name: typed.name.trim() === "" ? staffProfiles.needsName : staffProfiles.nameIs,
		email: staffProfiles.emailIs,
		mobile: staffProfiles.mobileIs,
		access: staffProfiles.chooseAccess,
	};
	return fields.map((field) => ({ field, sentence: sentences[field] }));
}

/** What was typed into these fields. */
export function personIn(form: Fields): TypedPerson {
	return {
		name: form.text("name"),
		email: form.text("email"),
		mobile: form.text("mobile"),
		access: form.text("access"),
	};
}
