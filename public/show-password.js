for (const button of document.querySelectorAll("button[data-show]")) {
	const input = document.getElementById(button.getAttribute("aria-controls"));
	const show = (isShown) => {
		input.type = isShown ? "text" : "password";
		button.textContent = isShown ? button.dataset.hide : button.dataset.show;
	};
	button.hidden = false;
	button.addEventListener("click", () => show(input.type === "password"));
	// Sent as a password, so that the browser offers to keep it as one, and nowhere else.
	input.form.addEventListener("submit", () => show(false));
}
