// A form is sent once: from then on its buttons rest, and a second press of a double click does nothing.
const sent = new Set();

addEventListener("submit", (event) => {
	const form = event.target;
	// A file to keep leaves this page open, and may be asked for again.
	if (form.hasAttribute("data-download")) return;
	if (sent.has(form)) {
		event.preventDefault();
		return;
	}
	sent.add(form);
	// After this event, so that the pressed button is still part of what is sent.
	setTimeout(() => {
		for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
	});
});

// Back to this page: it can be sent again.
addEventListener("pageshow", () => {
	sent.clear();
	for (const button of document.querySelectorAll("button[type=submit]")) button.disabled = false;
});
