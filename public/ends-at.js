const WARNING_MS = 60_000;

for (const box of document.querySelectorAll("[data-ends-at]")) {
	// Counted from the server's time, since this computer's clock may be wrong.
	const endsAt = Date.now() + (Number(box.dataset.endsAt) - Number(box.dataset.now));
	const timer = setInterval(() => {
		const left = endsAt - Date.now();
		const state = left <= 0 ? "over" : left <= WARNING_MS ? "soon" : "before";
		for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
		if (state === "over") clearInterval(timer);
	}, 1000);
}
