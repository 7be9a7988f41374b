// One field that is always in focus. Scans queue up, each goes to the server alone; a wrong one is heard, seen and read.
// A document scanned opens its job in place: what a hasty hand scans meanwhile waits in the same queue.
const find = (selector, within = document) => within.querySelector(selector);
const texts = JSON.parse(find("#i18n").textContent);
const camera = window.scanCamera;
let page, form, field, job, kept;

const hear = tone => document.dispatchEvent(new CustomEvent("heard", { detail: tone }));

const show = html => {
  const box = find("#scan-state");
  box.innerHTML = html;
  const tone = find("[data-tone]", box).dataset.tone, carried = find("[name=state]", box), state = carried?.value;
  const bad = find("[name=bad]", form);
  if (bad && carried) bad.checked = !!carried.dataset.bad;
  hear(tone);
  page.classList.toggle("wrong", tone === "bad");
  if (state) keep(state);
  if (tone === "done") find("#scan-finish").requestSubmit();
};
const keep = state => {
  if (JSON.parse(state).picks.length) localStorage.setItem(kept, state);
  else localStorage.removeItem(kept);
};
const complain = text => {
  const box = find("#scan-state"), said = find(".said", box) || document.createElement("p"), words = document.createElement("span");
  said.className = "said bad";
  said.setAttribute("role", "alert");
  words.textContent = text;
  said.replaceChildren(words);
  if (!said.parentNode) box.prepend(said);
  page.classList.add("wrong");
  hear("bad");
};

const get = (url, headers) => fetch(url, { credentials: "same-origin", headers });
const ask = fields => {
  const headers = { "X-Requested-With": "fetch" };
  if (!job) return get("/scan/?q=" + encodeURIComponent(fields.code), headers);
  const body = new FormData(form);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  return fetch(form.action, { method: "POST", body, credentials: "same-origin", headers });
};
// Another page of the scanner takes the place of this one; half a code in the field stays in it.
const open = async url => {
  const response = await get(url), parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = find(".scanpage", parsed), typed = field.value;
  if (!response.ok || !next) return location.assign(url);
  page.replaceWith(next);
  find(".crumb").replaceChildren(...find(".crumb", parsed).childNodes);
  document.title = parsed.title;
  history.pushState(null, "", url);
  begin();
  field.value = typed;
};
addEventListener("popstate", () => location.reload());

const queue = [];
let busy = false;
const send = async () => {
  if (busy) return;
  busy = true;
  while (queue.length) {
    try {
      const fields = queue.shift(), choice = !job && /^[1-9]$/.test(fields.code) && document.querySelectorAll("#scan-state [data-job]")[fields.code - 1];
      if (choice) {
        await open(choice.href);
        continue;
      }
      const response = await ask(fields), isPage = (response.headers.get("Content-Type") || "").includes("html");
      if (response.ok && response.redirected) await open(response.url);
      else if (response.ok && isPage) show(await response.text());
      else {
        queue.length = 0;
        complain(isPage ? texts.failed : (await response.json()).detail || texts.failed);
      }
    } catch {
      // Nothing was taken: what was scanned meanwhile would be counted by nobody.
      queue.length = 0;
      complain(texts.offline);
    }
  }
  busy = false;
};
const take = code => {
  queue.push({ code });
  send();
};

const isOther = node => node.closest("input:not([type=checkbox]), textarea, select, dialog") && node !== field;
document.addEventListener("submit", event => {
  if (event.target.id === "scan-finish") return localStorage.removeItem(kept);
  if (event.target !== form) return;
  const code = (event.submitter?.value || field.value).trim();
  event.preventDefault();
  field.value = "";
  field.focus();
  if (code) take(code);
});
// A scanner types wherever the cursor is: keys that no other field wants go to this one.
document.addEventListener("keydown", event => {
  if (event.target !== field && !isOther(event.target) && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
}, true);
document.addEventListener("click", event => { if (!event.target.closest("a, button, label, input, select, dialog")) field.focus(); });
document.addEventListener("change", event => { if (event.target.type === "checkbox") field.focus(); });

// A hand-held with a scanner of its own needs no keyboard on the screen.
const setSoft = (soft, wanted) => {
  field.inputMode = wanted ? "text" : "none";
  soft.setAttribute("aria-pressed", wanted);
};
const switchSoft = soft => {
  const wanted = field.inputMode === "none";
  localStorage.setItem("scan-soft", wanted ? "yes" : "no");
  setSoft(soft, wanted);
  field.blur();
  field.focus();
};

let stream, seen = "", seenAt = 0;
const look = async (video, detector) => {
  if (!stream || !video.isConnected) return stop();
  const [code] = await camera.look(detector, video);
  const now = Date.now();
  if (code && (code.rawValue !== seen || now - seenAt > 2500)) {
    [seen, seenAt] = [code.rawValue, now];
    take(code.rawValue);
  } else if (code) seenAt = now;
  setTimeout(() => look(video, detector), 200);
};
const stop = () => {
  stream?.getTracks().forEach(track => track.stop());
  stream = null;
};
const switchCamera = async () => {
  const video = find("video", page);
  video.hidden = !!stream;
  if (stream) return stop();
  try {
    const detector = await camera.reader();
    stream = await camera.open(video);
    look(video, detector);
  } catch (error) {
    stop();
    video.hidden = true;
    complain(camera.why(error));
  }
};

const begin = () => {
  [page, form, field] = [find(".scanpage"), find("#scan-step"), find("#scan-code")];
  job = page.dataset.scanning;
  kept = "scan:" + job;
  const soft = find("[data-soft-keys]", page), eye = find("[data-camera]", page);
  setSoft(soft, localStorage.getItem("scan-soft") !== "no");
  soft.addEventListener("click", () => switchSoft(soft));
  // A telephone always shows it, and tells why when it cannot; a desk computer without a camera has its scanner.
  eye.hidden = !camera.may() && !matchMedia("(pointer: coarse)").matches;
  eye.addEventListener("click", switchCamera);
  if (job) {
    const state = find("#scan-state [name=state]").value;
    if (JSON.parse(state).picks.length) keep(state);
    else if (localStorage.getItem(kept)) queue.unshift({ state: localStorage.getItem(kept), restore: 1 });
  }
  const told = find("[data-tone]", page);
  if (told) hear(told.dataset.tone);
  field.focus();
};
begin();
send();
