// A page with one field for the scanner, `form[data-taking]`: each code goes to the server without leaving the page, so that a wrong one
// is heard, and what a hasty hand scans meanwhile waits its turn. Without this script it is a plain form.
const texts = JSON.parse(find("#i18n")?.textContent || "{}");
const queue = [];
let busy = false;
const fieldOf = form => form && find("[data-code]", form);
const complain = text => {
  const box = document.createElement("p");
  Object.assign(box, { className: "banner scanned tone-bad", textContent: text });
  box.setAttribute("role", "alert");
  find("#main .banner.scanned")?.remove();
  find("#main").firstElementChild.prepend(box);
  hear("bad");
};
const draw = (html, isIn) => {
  const next = find("#main", new DOMParser().parseFromString(html, "text/html"));
  const typed = fieldOf(find("form[data-taking]"))?.value || "";
  find("#main").replaceChildren(...next.childNodes);
  const field = fieldOf(find("form[data-taking]"));
  if (field) field.value = typed;
  (field || find("#main [autofocus]"))?.focus();
  const tone = find("#main [data-tone]")?.dataset.tone || (isIn ? "ok" : "bad");
  hear(tone);
  return tone;
};
const send = async () => {
  if (busy) return;
  busy = true;
  while (queue.length) {
    const form = find("form[data-taking]");
    // Another question stands on the page (a reason, a choice): what was scanned behind it was counted by nobody.
    if (!form) break;
    const body = new FormData(form);
    body.set(fieldOf(form).name, queue.shift());
    try {
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      const isPage = (response.headers.get("Content-Type") || "").includes("html");
      if (isPage && (response.ok || response.status === 422)) {
        if (draw(await response.text(), response.redirected) === "bad") break;
        continue;
      }
      complain(isPage ? texts.failed : (await response.json()).detail || texts.failed);
    } catch { complain(texts.offline); }
    break;
  }
  queue.length = 0;
  busy = false;
};
document.addEventListener("submit", event => {
  const field = event.target.matches("form[data-taking]") && fieldOf(event.target), code = field && field.value.trim();
  if (!code) return;
  event.preventDefault();
  // The form goes nowhere: it is free for the next scan at once.
  event.target.removeAttribute("aria-busy");
  queue.push(code);
  field.value = "";
  send();
});
const first = find("#main [data-tone]");
if (first) hear(first.dataset.tone);
