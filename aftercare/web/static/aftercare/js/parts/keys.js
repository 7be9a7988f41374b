// Shortcuts of the whole page. Lists have their own in list.js, the board in board.js.
const jumps = JSON.parse(find("#jumps")?.textContent || "{}");
let jumping = 0;

const focusSearch = event => {
  const box = find("[data-main-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
};

document.addEventListener("keydown", event => {
  if (isComposing(event)) return;
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k" && palette) {
    event.preventDefault();
    openDialog(palette);
  } else if (event.key === "Escape") {
    closeMenus();
  } else if (event.key === "F2") {
    focusSearch(event);
  } else if (command && event.key === "Enter") {
    const form = event.target.form || find("form[data-main]");
    if (!form || !form.matches("[data-main], dialog form")) return;
    event.preventDefault();
    form.requestSubmit();
  } else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
    const radio = findAll(".asset input")[event.code[5] - 1];
    if (!radio) return;
    event.preventDefault();
    radio.click();
    radio.focus();
  } else if (!command && !event.altKey && !isTyping(event) && !find("dialog[open]")) {
    if (jumping && jumps[event.key]) location.href = jumps[event.key];
    clearTimeout(jumping);
    jumping = event.key === "g" ? setTimeout(() => { jumping = 0; }, 900) : 0;
    if (event.key === "/") focusSearch(event);
  }
});
