import { type ComponentChildren, createContext, toChildArray } from "preact";
import { useContext } from "preact/hooks";
import { ClockIcon, ErrorIcon, InfoIcon, TickIcon, WarningIcon } from "./icons.tsx";
import { usePage, useWords } from "./page-frame.tsx";

/** What is wrong with a field, and what to do. A `field` of "" belongs to the form as a whole. */
export type FieldError = { field: string; sentence: string };

const Errors = createContext<readonly FieldError[]>([]);

type ButtonKind = "primary" | "secondary" | "danger";

/**
 * A form that posts, with the token of this session or sign-in and its one main button. The browser checks
 * nothing: the answer says what to mend, in our own words.
 *
 * @param errors shown on top, where they take the focus, and at their fields
 * @param beside what stands next to the button, as a way back
 * @param download whether its answer is a file to keep, which leaves this page open
 */
export function Form({
	action,
	errors = [],
	submit,
	submitKind = "primary",
	beside,
	download,
	children,
}: {
	action: string;
	errors?: readonly FieldError[];
	submit: string;
	submitKind?: ButtonKind;
	beside?: ComponentChildren;
	download?: boolean;
	children?: ComponentChildren;
}) {
	const { isWait } = usePage();
	// Nothing is wrong in any field when one has to wait.
	const shown = isWait ? errors.map(({ sentence }) => ({ field: "", sentence })) : errors;
	return (
		<form method="post" action={action} class="form" novalidate data-download={download}>
			<FormToken />
			<ErrorSummary errors={shown} />
			<Errors.Provider value={shown}>{children}</Errors.Provider>
			<div class="buttons">
				<button type="submit" class={`button ${submitKind}`}>
					{submit}
				</button>
				{beside}
			</div>
		</form>
	);
}

/**
 * A form that only looks for something: it changes nothing, and what was chosen stands in the address.
 *
 * @param submitKind `secondary` where something else is the main button of the page
 * @param beside what stands next to the button
 */
export function SearchForm({
	action,
	errors = [],
	submit,
	submitKind = "primary",
	beside,
	children,
}: {
	action: string;
	errors?: readonly FieldError[];
	submit: string;
	submitKind?: ButtonKind;
	beside?: ComponentChildren;
	children?: ComponentChildren;
}) {
	return (
		<form method="get" action={action} class="form search" novalidate>
			<ErrorSummary errors={errors} />
			<Errors.Provider value={errors}>{children}</Errors.Provider>
			<div class="buttons">
				<button type="submit" class={`button ${submitKind}`}>
					{submit}
				</button>
				{beside}
			</div>
		</form>
	);
}

/**
 * A form that is only a button: for what happens at once and needs nothing typed.
 *
 * @param fields what it carries; never a secret
 * @param kind `link` looks like a link, for a list of other ways
 * @param download whether its answer is a file to keep, which leaves this page open
 */
export function PostButton({
	action,
	label,
	fields = {},
	kind = "secondary",
	download,
}: {
	action: string;
	label: string;
	fields?: Readonly<Record<string, string>>;
	kind?: ButtonKind | "link";
	download?: boolean;
}) {
	return (
		<form method="post" action={action} class="only-button" data-download={download}>
			<FormToken />
			{Object.entries(fields).map(([name, value]) => (
				<input key={name} type="hidden" name={name} value={value} />
			))}
			<button type="submit" class={kind === "link" ? "link" : `button ${kind}`}>
				{label}
			</button>
		</form>
	);
}

function FormToken() {
	const { formToken } = usePage();
	return formToken === undefined ? null : <input type="hidden" name="form-token" value={formToken} />;
}

/**
 * What is to be corrected, on top, where it takes the focus and leads to the fields. One thing alone is said in full
 * only at its field, which this leads to and is described by: the same sentence is not read twice in a row.
 */
function ErrorSummary({ errors }: { errors: readonly FieldError[] }) {
	const { words, isWait } = usePage();
	const [first] = errors;
	if (first === undefined) return null;
	const isOne = errors.length === 1;
	const title = isWait ? words.controls.toWait : words.controls.toMend(errors.length);
	if (isOne && first.field !== "") {
		return (
			<section
				class="error-summary"
				aria-labelledby="errors"
				aria-describedby={`${first.field}-error`}
				tabindex={-1}
				autofocus
			>
				<ErrorIcon />
				<h2 id="errors">
					<a href={`#${first.field}`}>{title}</a>
				</h2>
			</section>
		);
	}
	return (
		<section
			class={isWait ? "error-summary wait" : "error-summary"}
			aria-labelledby="errors"
			tabindex={-1}
			autofocus
		>
			{isWait ? <ClockIcon /> : <ErrorIcon />}
			<h2 id="errors" class={isOne ? "visually-hidden" : undefined}>
				{title}
			</h2>
			<ul>
				{errors.map(({ field, sentence }) => (
					<li key={field}>{field === "" ? sentence : <a href={`#${field}`}>{sentence}</a>}</li>
				))}
			</ul>
		</section>
	);
}

/**
 * In place of a form, while nothing that is sent with it would be looked at: until when, and what else can be done.
 *
 * @param errors what was wrong with what was sent last
 */
export function WaitInstead({ sentence, errors }: { sentence: string; errors: readonly FieldError[] }) {
	const { isWait } = usePage();
	if (isWait) return <ErrorSummary errors={[{ field: "", sentence }]} />;
	return (
		<>
			<ErrorSummary errors={errors.map((error) => ({ ...error, field: "" }))} />
			<Notice kind="wait">{sentence}</Notice>
		</>
	);
}

type TextFieldProps = {
	name: string;
	label: string;
	value?: string;
	hint?: ComponentChildren;
	/** Where typing starts when the page opens: one field a page at most. */
	autofocus?: boolean;
};

/** One line to type into, with its label, hint and error. */
export function Field({
	autocomplete = "off",
	inputmode,
	...props
}: TextFieldProps & {
	autocomplete?: string;
	inputmode?: "numeric" | "text";
}) {
	return (
		<Labelled {...props}>
			<input
				{...useInput(props)}
				type="text"
				value={props.value}
				autocomplete={autocomplete}
				inputmode={inputmode}
			/>
		</Labelled>
	);
}

/** A phone number, however it is written. */
export function PhoneField({
	autocomplete = "tel",
	...props
}: TextFieldProps & { autocomplete?: "tel" | "off" }) {
	return (
		<Labelled {...props}>
			<input {...useInput(props)} type="tel" value={props.value} autocomplete={autocomplete} />
		</Labelled>
	);
}

/**
 * A day: chosen in the browser's own calendar, or typed as ISO has it where there is none.
 *
 * @param props.value ISO
 * @param props.min the first day that the calendar offers, ISO
 */
export function DateField({ min, ...props }: TextFieldProps & { min?: string }) {
	return (
		<Labelled {...props}>
			<input {...useInput(props)} type="date" value={props.value} min={min} autocomplete="off" />
		</Labelled>
	);
}

/** One of several, chosen from a list that opens. @param props.value the one that is chosen */
export function SelectField({
	choices,
	...props
}: Omit<TextFieldProps, "autofocus"> & { choices: readonly { value: string; label: string }[] }) {
	return (
		<Labelled {...props}>
			<select {...useInput(props)} autocomplete="off">
				{choices.map(({ value, label }) => (
					<option key={value} value={value} selected={value === props.value}>
						{label}
					</option>
				))}
			</select>
		</Labelled>
	);
}

/** An email address; at sign-in it is the user name of a password manager. */
export function EmailField({
	autocomplete = "username",
	...props
}: TextFieldProps & { autocomplete?: "username" | "email" | "off" }) {
	return (
		<Labelled {...props}>
			<input
				{...useInput(props)}
				type="email"
				value={props.value}
				autocomplete={autocomplete}
				autocapitalize="none"
				spellcheck={false}
			/>
		</Labelled>
	);
}

/**
 * A password, never filled in again. A new one shows its rule before anybody types.
 *
 * @param username whose password it is, for password managers, where the page has no email field
 */
export function PasswordField({
	kind = "current",
	username,
	...props
}: Omit<TextFieldProps, "value"> & { kind?: "current" | "new"; username?: string }) {
	const words = useWords();
	const hint = props.hint ?? (kind === "new" ? words.controls.passwordRule : undefined);
	return (
		<>
			{username !== undefined && (
				<input
					class="visually-hidden"
					type="text"
					autocomplete="username"
					value={username}
					readonly
					tabindex={-1}
					aria-label={words.controls.email}
				/>
			)}
			<Labelled {...props} hint={hint}>
				<div class="with-button">
					<input
						{...useInput({ ...props, hint })}
						type="password"
						autocomplete={`${kind}-password`}
						autocapitalize="none"
						spellcheck={false}
					/>
					<button
						type="button"
						hidden
						data-show={words.controls.show}
						data-hide={words.controls.hide}
						aria-controls={props.name}
					>
						{words.controls.show}
					</button>
				</div>
			</Labelled>
		</>
	);
}

/** A one-time code: one field, however it is typed or pasted. */
export function CodeField({
	name = "code",
	...rest
}: Omit<TextFieldProps, "name" | "value"> & { name?: string }) {
	const props = { name, ...rest };
	return (
		<Labelled {...props}>
			<input
				{...useInput(props)}
				class="code-input"
				type="text"
				inputmode="numeric"
				autocomplete="one-time-code"
				spellcheck={false}
			/>
		</Labelled>
	);
}

/** A Recovery Code, five groups of four. */
export function RecoveryCodeField({
	name = "recovery-code",
	label,
	...rest
}: Partial<Omit<TextFieldProps, "value">>) {
	const words = useWords();
	const props = { name, label: label ?? words.controls.recoveryCode, ...rest };
	return (
		<Labelled {...props}>
			<input
				{...useInput(props)}
				class="recovery-code-input"
				type="text"
				autocomplete="off"
				autocapitalize="characters"
				spellcheck={false}
			/>
		</Labelled>
	);
}

/** @param value what is sent when ticked; give one where several boxes share a name */
export function Checkbox({
	name,
	label,
	value,
	checked = false,
	hint,
}: {
	name: string;
	label: ComponentChildren;
	value?: string;
	checked?: boolean;
	hint?: ComponentChildren;
}) {
	const id = value === undefined ? name : `${name}-${value}`;
	const error = useError(id);
	return (
		<div class="choice">
			<input
				type="checkbox"
				id={id}
				name={name}
				value={value ?? "yes"}
				checked={checked}
				{...describedBy(id, hint, error)}
			/>
			<label for={id}>{label}</label>
			<Hint id={id}>{hint}</Hint>
			<Problem id={id} sentence={error} />
		</div>
	);
}

/** One of several, inside a `Group`. */
export function Radio(props: {
	name: string;
	value: string;
	label: ComponentChildren;
	checked: boolean;
	hint?: ComponentChildren;
}) {
	const id = `${props.name}-${props.value}`;
	return (
		<div class="choice">
			<input
				type="radio"
				id={id}
				name={props.name}
				value={props.value}
				checked={props.checked}
				{...describedBy(id, props.hint, undefined)}
			/>
			<label for={id}>{props.label}</label>
			<Hint id={id}>{props.hint}</Hint>
		</div>
	);
}

/** Checkboxes or radio buttons that belong together. @param name the `field` of an error about all of them */
export function Group({
	name,
	legend,
	children,
}: {
	name: string;
	legend: string;
	children: ComponentChildren;
}) {
	const error = useError(name);
	return (
		<fieldset class="group" id={name} tabindex={-1} {...describedBy(name, undefined, error)}>
			<legend>{legend}</legend>
			<Problem id={name} sentence={error} />
			{children}
		</fieldset>
	);
}

/** Of what a page can say just happened, what the address names; undefined where it names nothing of it. */
export function noticeNamed<What>(notices: Readonly<Record<string, What>>, name: string): What | undefined {
	return Object.hasOwn(notices, name) ? notices[name] : undefined;
}

/** What just happened, or what to know; announced without moving the focus. */
export function Notice({
	kind,
	title,
	children,
}: {
	kind: "success" | "info" | "warning" | "wait" | "error";
	title?: string;
	children?: ComponentChildren;
}) {
	const Icon = {
		success: TickIcon,
		info: InfoIcon,
		warning: WarningIcon,
		wait: ClockIcon,
		error: ErrorIcon,
	}[kind];
	return (
		<div class={`notice ${kind === "wait" ? "warning" : kind}`} role="status">
			<Icon />
			<div>
				{title && <p class="notice-title">{title}</p>}
				{children}
			</div>
		</div>
	);
}

/** What somebody must know before a dangerous step, on its own page. */
export function HeadsUp({ children }: { children: ComponentChildren }) {
	const words = useWords();
	return (
		<section class="notice heads-up" aria-labelledby="heads-up">
			<WarningIcon />
			<div>
				<h2 id="heads-up">{words.controls.headsUp}</h2>
				{children}
			</div>
		</section>
	);
}

/** A link that looks like a button: it leads on, and changes nothing by itself. */
export function ButtonLink({
	href,
	kind = "secondary",
	download,
	children,
}: {
	href: string;
	kind?: ButtonKind;
	download?: boolean;
	children: ComponentChildren;
}) {
	return (
		<a class={`button ${kind}`} href={href} download={download}>
			{children}
		</a>
	);
}

/** Other ways on, below a form: links, or post buttons of kind `link`. */
export function Links({ children }: { children: ComponentChildren }) {
	return (
		<ul class="links">
			{toChildArray(children).map((child, index) => (
				<li key={index}>{child}</li>
			))}
		</ul>
	);
}

/** Facts and what they are, one a row. */
export function FactList({ facts }: { facts: readonly { label: string; value: ComponentChildren }[] }) {
	return (
		<dl class="facts">
			{facts.map(({ label, value }) => (
				<div key={label}>
					<dt>{label}</dt>
					<dd>{value}</dd>
				</div>
			))}
		</dl>
	);
}

function Labelled({ name, label, hint, children }: TextFieldProps & { children: ComponentChildren }) {
	const error = useError(name);
	return (
		<div class="field">
			<label for={name}>{label}</label>
			<Hint id={name}>{hint}</Hint>
			<Problem id={name} sentence={error} />
			{children}
		</div>
	);
}

function useInput({ name, hint, autofocus }: Omit<TextFieldProps, "label" | "value">) {
	const error = useError(name);
	return { id: name, name, autofocus, ...describedBy(name, hint, error) };
}

function useError(field: string): string | undefined {
	return useContext(Errors).find((error) => error.field === field)?.sentence;
}

function describedBy(id: string, hint: ComponentChildren, error: string | undefined) {
	const parts = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean);
	return {
		"aria-describedby": parts.length > 0 ? parts.join(" ") : undefined,
		"aria-invalid": error ? ("true" as const) : undefined,
	};
}

function Hint({ id, children }: { id: string; children: ComponentChildren }) {
	return children ? (
		<p class="hint" id={`${id}-hint`}>
			{children}
		</p>
	) : null;
}

function Problem({ id, sentence }: { id: string; sentence: string | undefined }) {
	return sentence ? (
		<p class="problem" id={`${id}-error`}>
			<ErrorIcon /> <span>{sentence}</span>
		</p>
	) : null;
}
