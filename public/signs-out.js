const WARNING_MS = 120_000;

// Before Automatic Sign Out a warning, with a way to stay; after it, that nothing here can be sent any more.
function watch(box) {
	const { signsOutAt, now, ask, stay } = box.dataset;
	const tabs = new BroadcastChannel("signs-out");
	// Counted from the server's time, since this computer's clock may be wrong.
	let endsAt = Date.now() + (Number(signsOutAt) - Number(now));
	let why = "unused";
	let shown = "before";
	let isAsking = false;
	let focusedBefore;

	function state() {
		const left = endsAt - Date.now();
		return left <= 0 ? "over" : left <= WARNING_MS ? why : "before";
	}

	function show() {
		if (shown === "over" || shown === state()) return;
		shown = state();
		const hadFocus = box.contains(document.activeElement);
		for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== shown;
		if (hadFocus) focusedBefore?.focus();
		if (shown === "over") close();
	}

	// What was done in another tab, or in the clinic's software, counts too, and only the server knows of it.
	async function learn() {
		const answer = await fetch(ask);
		if (answer.status === 401) endsAt = 0;
		if (answer.status !== 200) return;
		const { leftMs, endsUnused } = await answer.json();
		why = endsUnused ? "unused" : "anyway";
		endsAt = Date.now() + leftMs;
		tabs.postMessage(endsAt);
	}

	async function check() {
		if (isAsking || shown === "over") return;
		isAsking = true;
		await learn().catch(() => {});
		isAsking = false;
		show();
	}

	function tick() {
		if (state() === "before") show();
		else if (state() !== shown) check();
	}

	// What is typed stays to be read and copied.
	function close() {
		clearInterval(timer);
		tabs.close();
		for (const field of document.querySelectorAll("main :is(input, textarea)")) field.readOnly = true;
		const refuse = (event) => {
			event.preventDefault();
			event.stopImmediatePropagation();
			box.querySelector("a").focus();
		};
		addEventListener("submit", refuse, { capture: true });
	}

	const timer = setInterval(tick, 1000);
	tabs.postMessage(endsAt);
	tabs.addEventListener("message", ({ data }) => {
		endsAt = data;
		tick();
	});
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden) check();
	});
	box.addEventListener("focusin", ({ relatedTarget }) => {
		focusedBefore = relatedTarget ?? focusedBefore;
	});
	box.querySelector("button").addEventListener("click", async () => {
		await fetch(stay).catch(() => {});
		check();
	});
}

for (const box of document.querySelectorAll("[data-signs-out-at]")) watch(box);
