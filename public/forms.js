// A form is sent once: its buttons rest from then on.
addEventListener("submit", (event) => {
	const buttons = event.target.querySelectorAll("button[type=submit]");
	// After this event, so that the pressed button is still part of what is sent.
	setTimeout(() => {
		for (const button of buttons) button.disabled = true;
	});
});

// Back to this page: it can be sent again.
addEventListener("pageshow", () => {
	for (const button of document.querySelectorAll("button[type=submit]")) button.disabled = false;
});
