// What every part uses. All files are joined inside one function (web/assets.py), so these names are shared.
const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];
const on = (type, selector, act, options) => document.addEventListener(type, event => {
  const node = event.target.closest?.(selector);
  if (node) act(event, node);
}, options);
const i18n = JSON.parse(find("#i18n")?.textContent || "{}");
const say = (key, value) => (i18n[key] || key).replace("%s", () => value);
// Chinese input methods use Enter, digits and arrows while composing: never take those keys.
const isComposing = event => event.isComposing || event.keyCode === 229;
const isTyping = event => event.target.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
const withQuery = (url, text) => url + (url.includes("?") ? "&" : "?") + "q=" + encodeURIComponent(text);

const request = (url, options = {}) => fetch(url, {
  credentials: "same-origin",
  ...options,
  headers: { "X-CSRFToken": find("meta[name=csrf]").content, "X-Requested-With": "fetch", ...options.headers },
});

// POST and read the JSON answer; a refusal becomes a toast and null. Nothing that was typed is touched.
const post = async (url, fields = {}) => {
  try {
    const response = await request(url, { method: "POST", body: new URLSearchParams(fields), headers: { Accept: "application/json" } });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    const answer = isJson ? await response.json() : {};
    if (response.ok) return answer;
    toast(answer.detail || explain(response.status), "error");
  } catch { toast(say("offline"), "error"); }
  return null;
};
const explain = status => say(status === 403 ? "denied" : status === 409 ? "stale" : "failed");

// Parts that dress up markup register here; htmx answers are dressed too.
const dressers = [];
const dress = within => dressers.forEach(act => act(within));
