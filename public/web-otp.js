// The code of a text message that is bound to this site, offered by the browser. It fills the field and sends nothing.
const field = document.querySelector("[data-texted] input[autocomplete='one-time-code']");
if (field && "OTPCredential" in window) {
	const waiting = new AbortController();
	field.form.addEventListener("submit", () => waiting.abort());
	navigator.credentials
		.get({ otp: { transport: ["sms"] }, signal: waiting.signal })
		.then((credential) => {
			if (credential && field.value === "") field.value = credential.code;
		})
		.catch(() => {});
}
