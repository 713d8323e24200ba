// `autofocus` is passed over where the address names a part of the page, and by older browsers.
document.querySelector(".error-summary")?.focus();
