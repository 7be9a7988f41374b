// One intent, one submission. A repeat of the same content keeps its key, changed content gets a new one.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, "0")).join("");
const renewKey = form => {
  const field = find("[name=idempotency_key]", form);
  if (field && form.dataset.tried) field.value = newKey();
  delete form.dataset.tried;
};
const release = form => form.removeAttribute("aria-busy");

// In the capture phase, so that it runs before htmx sees the event.
on("submit", "form[data-once]", (event, form) => {
  if (form.getAttribute("aria-busy")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.tried = 1;
  form.setAttribute("aria-busy", true);
  if (form.method === "dialog") release(form);
}, true);
on("input", "form[data-once]", (event, form) => renewKey(form));
on("change", "form[data-once]", (event, form) => renewKey(form));
addEventListener("pageshow", () => findAll("form[aria-busy]").forEach(release));

document.addEventListener("htmx:afterRequest", event => {
  const form = event.target.closest?.("form");
  if (!form) return;
  release(form);
  if (!event.detail.successful) return;
  renewKey(form);
  if ("reset" in form.dataset) form.reset();
});
document.addEventListener("htmx:configRequest", event => {
  const { headers, verb, formData } = event.detail;
  headers["X-CSRFToken"] = find("meta[name=csrf]").content;
  // Empty filters stay out of the address.
  if (verb === "get") [...new Set(formData.keys())].forEach(key => { if (!formData.get(key)) formData.delete(key); });
});
document.addEventListener("htmx:responseError", event => {
  const { xhr } = event.detail;
  if ((xhr.getResponseHeader("HX-Trigger") || "").includes("toast")) return;
  let detail = "";
  try { detail = JSON.parse(xhr.responseText).detail; } catch { /* not a problem document */ }
  toast(detail || explain(xhr.status), "error");
});
document.addEventListener("htmx:sendError", () => toast(say("offline"), "error"));
document.addEventListener("htmx:afterSwap", event => dress(event.target));
