"use strict";
// Shows what is new once a second, and leaves open what is open and focused what is focused.
const shown = new Map();

function sections(root) {
    return [...root.querySelectorAll("section[data-live]")];
}

async function refresh() {
    if (document.hidden) return;
    const response = await fetch("/_sandbox").catch(() => null);
    document.body.classList.toggle("stopped", !response);
    if (!response) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const section of sections(fresh)) {
        const old = document.getElementById(section.id);
        if (shown.get(section.id) === section.innerHTML) continue;
        const open = [...old.querySelectorAll("details[open]")].map(details => details.id);
        const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
        shown.set(section.id, section.innerHTML);
        old.replaceChildren(...section.childNodes);
        for (const id of open) document.getElementById(id)?.setAttribute("open", "");
        if (focused) document.getElementById(focused)?.focus();
    }
}

for (const section of sections(document)) shown.set(section.id, section.innerHTML);
setInterval(refresh, 1000);
