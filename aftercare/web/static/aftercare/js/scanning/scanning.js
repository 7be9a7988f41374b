// One field that is always in focus. Scans queue up, each goes to the server alone; a wrong one is heard, seen and read.
const find = (selector, within = document) => within.querySelector(selector);
const page = find(".scanpage"), form = find("#scan-step"), field = find("#scan-code");
const job = page.dataset.scanning, kept = "scan:" + job, texts = JSON.parse(find("#i18n").textContent);

let sound;
const beep = (hertz, start, length, shape) => {
  const tone = sound.createOscillator(), gain = sound.createGain();
  Object.assign(tone, { type: shape });
  tone.frequency.value = hertz;
  gain.gain.value = .25;
  tone.connect(gain).connect(sound.destination);
  tone.start(sound.currentTime + start);
  tone.stop(sound.currentTime + start + length);
};
// High and short for good, low and twice for wrong, so that nobody has to look.
const hear = tone => {
  sound = sound || new (window.AudioContext || window.webkitAudioContext)();
  sound.resume?.();
  if (tone === "bad") { beep(160, 0, .28, "square"); beep(120, .34, .4, "square"); navigator.vibrate?.([200, 80, 300]); }
  else if (tone === "full") { beep(880, 0, .1, "sine"); beep(1320, .13, .2, "sine"); }
  else beep(tone === "ask" ? 660 : 1200, 0, .09, "sine");
};

const show = html => {
  const box = find("#scan-state");
  box.innerHTML = html;
  const tone = find("[data-tone]", box).dataset.tone, state = find("[name=state]", box)?.value;
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

const ask = fields => {
  const headers = { "X-Requested-With": "fetch" };
  if (!job) return fetch("/scan/?q=" + encodeURIComponent(fields.code), { credentials: "same-origin", headers });
  const body = new FormData(form);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  return fetch(form.action, { method: "POST", body, credentials: "same-origin", headers });
};
const queue = [];
let busy = false;
const send = async () => {
  if (busy) return;
  busy = true;
  while (queue.length) {
    try {
      const response = await ask(queue.shift()), isPage = (response.headers.get("Content-Type") || "").includes("html");
      if (response.ok && response.redirected) {
        // The document's own page goes on with what was scanned meanwhile.
        sessionStorage.setItem("scan-next", JSON.stringify(queue.splice(0)));
        return location.assign(response.url);
      }
      if (response.ok && isPage) show(await response.text());
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
form.addEventListener("submit", event => {
  const code = (event.submitter?.value || field.value).trim();
  event.preventDefault();
  field.value = "";
  field.focus();
  if (code) take(code);
});

// A scanner types wherever the cursor is: keys that no other field wants go to this one.
const isOther = node => node.closest("input:not([type=checkbox]), textarea, select, dialog") && node !== field;
document.addEventListener("keydown", event => {
  if (event.target !== field && !isOther(event.target) && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
}, true);
document.addEventListener("click", event => { if (!event.target.closest("a, button, label, input, select, dialog")) field.focus(); });
document.addEventListener("change", event => { if (event.target.type === "checkbox") field.focus(); });

// A hand-held with a scanner of its own needs no keyboard on the screen.
const soft = find("[data-soft-keys]");
const setSoft = wanted => {
  field.inputMode = wanted ? "text" : "none";
  soft.setAttribute("aria-pressed", wanted);
};
setSoft(localStorage.getItem("scan-soft") !== "no");
soft.addEventListener("click", () => {
  const wanted = field.inputMode === "none";
  localStorage.setItem("scan-soft", wanted ? "yes" : "no");
  setSoft(wanted);
  field.blur();
  field.focus();
});

const camera = find("[data-camera]"), video = find("video", page);
let stream, seen = "", seenAt = 0;
const look = async detector => {
  if (!stream) return;
  const [code] = await detector.detect(video).catch(() => []);
  const now = Date.now();
  if (code && (code.rawValue !== seen || now - seenAt > 2500)) {
    [seen, seenAt] = [code.rawValue, now];
    take(code.rawValue);
  } else if (code) seenAt = now;
  setTimeout(() => look(detector), 200);
};
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  camera.hidden = false;
  camera.addEventListener("click", async () => {
    if (stream) {
      stream.getTracks().forEach(track => track.stop());
      stream = null;
      video.hidden = true;
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      look(new BarcodeDetector());
    } catch { stream = null; complain(texts.camera); }
  });
}

if (job) {
  const state = find("[name=state]", page).value;
  if (JSON.parse(state).picks.length) keep(state);
  else if (localStorage.getItem(kept)) queue.push({ state: localStorage.getItem(kept), restore: 1 });
  find("#scan-finish").addEventListener("submit", () => localStorage.removeItem(kept));
}
queue.push(...JSON.parse(sessionStorage.getItem("scan-next") || "[]"));
sessionStorage.removeItem("scan-next");
const told = find("[data-tone]", page);
// A browser lets a page sound only after somebody has touched it.
if (told && navigator.userActivation?.hasBeenActive) hear(told.dataset.tone);
field.focus();
send();
