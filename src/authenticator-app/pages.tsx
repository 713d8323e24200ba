import type { setUpPaths } from "../paths.ts";
import { CodeBlock } from "../web/code-block.tsx";
import { ButtonLink, CodeField, type FieldError, Form, Links } from "../web/controls.tsx";
import { SignInLayout } from "../web/layout.tsx";
import { usePage, useWords } from "../web/page-frame.tsx";
import { AppList } from "./app-list.tsx";
import { appleOtpauthAddress, otpauthAddress, setupKeyInGroups } from "./otpauth-address.rule.ts";
import { QrCode } from "./qr.tsx";
import type { AuthenticatorSecret } from "./secret.ts";

/** Where a page of a set-up stands, and where its links lead. */
export type SetUpPlace = {
	step: { at: number; of: number };
	paths: ReturnType<typeof setUpPaths>;
	/** Leaves the set-up with nothing changed. */
	cancelPath: string;
};

/**
 * The key to take into the app: as a QR code, as text, and as links for an app on this device. Nobody can scan their
 * own screen, so on a phone the links come first and the QR code last.
 */
export function KeyPage({
	place,
	email,
	secret,
}: {
	place: SetUpPlace;
	email: string;
	secret: AuthenticatorSecret;
}) {
	const { clinic, origin, browser } = usePage();
	const { authenticatorApp: words } = useWords();
	const { name: clinicName, shortName } = clinic;
	const address = otpauthAddress({ clinicName, shortName, email, secret });
	const appleAddress = appleOtpauthAddress({ domain: new URL(origin).hostname, email, secret });
	const isPhone = browser.system === "ios" || browser.system === "android";
	const mayHaveApplePasswords = browser.system !== "android";
	const noApp = (
		<p>
			<a href="#apps">{words.noApp}</a>
		</p>
	);
	const qrCode = (
		<div class="qr">
			<QrCode text={address} title={words.qrCode(clinicName)} />
		</div>
	);
	const key = <CodeBlock label={words.setupKey} groups={setupKeyInGroups(secret)} copy={secret.reveal()} />;
	if (isPhone) {
		return (
			<SignInLayout title={words.addTitle} lead={words.addLead} step={place.step}>
				{noApp}
				<div class="buttons">
					<ButtonLink href={address}>{words.openHere}</ButtonLink>
					{mayHaveApplePasswords && <ButtonLink href={appleAddress}>{words.openInApplePasswords}</ButtonLink>}
				</div>
				<p>{words.copyKey}</p>
				{key}
				<NextOrCancel place={place} />
				<h2>{words.elsewhereTitle}</h2>
				<p>{words.elsewhere}</p>
				{qrCode}
				<Apps />
			</SignInLayout>
		);
	}
	return (
		<SignInLayout title={words.keyTitle} lead={words.keyLead} step={place.step}>
			{noApp}
			{qrCode}
			<p>{words.typeKey}</p>
			{key}
			<Links>
				<a href={address}>{words.openHere}</a>
				<a href={appleAddress}>{words.openInApplePasswords}</a>
			</Links>
			<NextOrCancel place={place} />
			<Apps />
		</SignInLayout>
	);
}

function NextOrCancel({ place }: { place: SetUpPlace }) {
	const { authenticatorApp: words, secondStep } = useWords();
	return (
		<>
			<div class="buttons">
				<ButtonLink href={place.paths.code} kind="primary">
					{words.next}
				</ButtonLink>
			</div>
			<Links>
				<a href={place.cancelPath}>{secondStep.cancel}</a>
			</Links>
		</>
	);
}

function Apps() {
	const { authenticatorApp: words } = useWords();
	return (
		<>
			<h2 id="apps">{words.appsTitle}</h2>
			<AppList />
		</>
	);
}

/**
 * The first code from the app, which turns it on.
 *
 * @param setUpId whose key the person saw: a newer set-up takes no codes from this page
 */
export function CodePage({
	place,
	setUpId,
	errors = [],
}: {
	place: SetUpPlace;
	setUpId: string;
	errors?: readonly FieldError[];
}) {
	const { clinic } = usePage();
	const { authenticatorApp: words, secondStep } = useWords();
	return (
		<SignInLayout title={secondStep.enterAppCode} lead={words.codeLead(clinic.name)} step={place.step}>
			<Form action={place.paths.code} submit={secondStep.submit} errors={errors}>
				<CodeField label={secondStep.verificationCode} autofocus={errors.length === 0} />
				<input type="hidden" name="set-up" value={setUpId} />
			</Form>
			<Links>
				<a href={place.paths.key}>{words.backToQrCode}</a>
				<a href={place.cancelPath}>{secondStep.cancel}</a>
			</Links>
		</SignInLayout>
	);
}
