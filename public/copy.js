const SHOWN_MS = 3000;

for (const button of document.querySelectorAll("[data-copy]")) {
	const label = button.querySelector("span");
	const status = button.nextElementSibling;
	const before = label.textContent;
	const say = (text, announced) => {
		label.textContent = text;
		status.textContent = announced;
	};
	button.hidden = navigator.clipboard === undefined;
	button.addEventListener("click", async () => {
		await navigator.clipboard.writeText(button.dataset.copy);
		say(button.dataset.copied, button.dataset.copied);
		setTimeout(() => say(before, ""), SHOWN_MS);
	});
}
