// The menu closes when one clicks elsewhere or presses Escape.
const menu = document.querySelector("details.person");

addEventListener("click", (event) => {
	if (menu && !menu.contains(event.target)) menu.open = false;
});

addEventListener("keydown", (event) => {
	if (event.key !== "Escape" || !menu?.open) return;
	menu.open = false;
	menu.querySelector("summary").focus();
});
