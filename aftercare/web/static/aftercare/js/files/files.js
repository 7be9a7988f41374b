// File tiles: upload by click, drop and camera; a look at a file in a dialog. Loaded only where tiles are.
const { find, on, toast, newKey, say } = window.aftercare;
const headers = () => ({ "X-CSRFToken": find("meta[name=csrf]").content, "X-Requested-With": "fetch" });
const make = (name, className = "", text = "") => Object.assign(document.createElement(name), { className, textContent: text });
const SIDE = 2560;
const LARGE = 1.2e6;

// A telephone's picture is four times larger than what is kept: shrink it before it goes over the air.
const shrink = async file => {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type) || file.size < LARGE || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = make("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", .86));
    return blob && blob.size < file.size ? blob : file;
  } catch { return file; }
};

const count = box => {
  const shown = find("[data-count]", box.closest("section") || box);
  if (shown) shown.textContent = box.querySelectorAll(".file").length;
};

const waiting = new Set();
const upload = async (box, file) => {
  const add = find(".add", box);
  const kind = find("[data-kind]", add)?.value || "";
  // The key is made once for each file: whatever is sent again, the server keeps it once.
  const key = newKey();
  const tile = make("div");
  box.insertBefore(tile, add);
  const body = await shrink(file);
  const fail = (text, again) => {
    tile.className = "failed";
    tile.replaceChildren(make("b", "cut", file.name), make("small", "t-bad wide", text));
    tile.lastChild.setAttribute("role", "alert");
    if (again) {
      const retry = make("button", "btn sm", say("again"));
      retry.type = "button";
      retry.onclick = send;
      tile.append(retry);
      waiting.add(send);
    }
    const away = make("button", "btn ghost sm", say("close"));
    away.type = "button";
    away.onclick = () => { waiting.delete(send); tile.remove(); };
    tile.append(away);
  };
  const send = () => {
    waiting.delete(send);
    const bar = make("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const text = make("span", "grow");
    text.append(make("b", "", file.name), bar);
    tile.className = "";
    tile.replaceChildren(text);
    const form = new FormData();
    form.append("files", body, file.name || "photo.jpg");
    form.append("kind_of", kind);
    form.append("key", key);
    const call = new XMLHttpRequest();
    call.open("POST", box.dataset.files);
    Object.entries(headers()).forEach(pair => call.setRequestHeader(...pair));
    call.upload.onprogress = event => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    call.onerror = () => fail(say("offline"), true);
    call.onload = () => {
      if (call.status === 201) {
        tile.insertAdjacentHTML("afterend", call.responseText.trim());
        tile.remove();
        count(box);
        return;
      }
      let detail = "";
      try { detail = JSON.parse(call.responseText).detail; } catch { /* not ours */ }
      fail(detail || (call.status === 413 ? say("large") : say("failed")), call.status >= 500);
    };
    call.send(form);
  };
  send();
};
addEventListener("online", () => [...waiting].forEach(send => send()));

on("change", ".files input[type=file]", (event, input) => {
  [...input.files].forEach(file => upload(input.closest(".files"), file));
  input.value = "";
});
["dragenter", "dragover", "dragleave", "drop"].forEach(type => on(type, "[data-drop]", (event, box) => {
  event.preventDefault();
  box.classList.toggle("over", type.startsWith("drage") || type === "dragover");
  if (type === "drop") [...event.dataTransfer.files].forEach(file => upload(box.closest(".files"), file));
}));
on("paste", "body", event => {
  const box = find(".files[data-files]:not([data-files=''])");
  const files = [...event.clipboardData.files];
  if (box && files.length && !event.target.closest("input, textarea")) files.forEach(file => upload(box, file));
});

// The dialog: the same fragment that the page of a file shows.
let dialog;
let at;
const show = async tile => {
  const answer = await fetch(tile.href, { headers: headers(), credentials: "same-origin" });
  if (!answer.ok) return toast(say("failed"), "error");
  if (!dialog) {
    dialog = make("dialog", "look");
    document.body.append(dialog);
  }
  at = tile;
  dialog.innerHTML = await answer.text();
  dialog.setAttribute("aria-label", find("h2", dialog).textContent);
  const bar = make("nav");
  [["‹", -1, say("previous")], ["›", 1, say("next")], ["×", 0, say("close")]].forEach(([sign, step, label]) => {
    const button = make("button", "btn ghost icon", sign);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.onclick = () => (step ? turn(step) : dialog.close());
    if (step && !beside(step)) button.disabled = true;
    bar.append(button);
  });
  find(".about", dialog).prepend(bar);
  if (!dialog.open) dialog.showModal();
};
const beside = step => {
  const tiles = [...at.closest(".files").querySelectorAll(".file")];
  return tiles[tiles.indexOf(at) + step];
};
const turn = step => { const next = beside(step); if (next) show(next); };

on("click", "[data-look]", (event, tile) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(tile);
});
on("keydown", "dialog.look", event => {
  if (event.target.closest("input, select")) return;
  if (event.key === "ArrowLeft") turn(-1);
  if (event.key === "ArrowRight") turn(1);
});
document.addEventListener("close", event => { if (event.target === dialog) at?.focus(); }, true);
on("submit", "dialog.look form", async (event, form) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: headers(), credentials: "same-origin" });
  if (!answer.ok) {
    let detail = "";
    try { detail = (await answer.json()).detail; } catch { /* not ours */ }
    return toast(detail || say("failed"), "error");
  }
  const box = at.closest(".files");
  if (form.dataset.file === "describe") {
    at.insertAdjacentHTML("afterend", (await answer.text()).trim());
    const fresh = at.nextElementSibling;
    at.remove();
    at = fresh;
  } else at.remove();
  dialog.close();
  count(box);
});
