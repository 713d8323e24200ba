const EVERY_MS = 3_000;
const AT_MOST = 120;

// What a carrier reports, and the moment from which a code may be sent again, without loading the page anew.
const parts = [...document.querySelectorAll("[data-live]")];
let looks = 0;

async function look() {
	if (document.hidden) return;
	if (++looks > AT_MOST) return clearInterval(timer);
	const answer = await fetch(location.pathname + location.search, { redirect: "manual" });
	if (answer.status !== 200) return clearInterval(timer);
	const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
	for (const part of parts) {
		const now = fresh.getElementById(part.id);
		if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
	}
}

const timer = parts.length > 0 ? setInterval(() => look().catch(() => {}), EVERY_MS) : undefined;
