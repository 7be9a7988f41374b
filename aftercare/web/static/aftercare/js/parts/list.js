// Lists: J K or arrows move, Space peeks, X picks, Enter opens, Shift-click picks a range.
const peekBox = find("#peek");
const listRows = () => findAll(".tablewrap tbody tr, tr[data-peek]").filter(row => find(".lead", row) || row.dataset.peek);
const picks = () => findAll(".c-pick [name=pk]");
let lastPick, peekTurn = 0;

const select = row => {
  findAll("tr.cur").forEach(other => other.classList.remove("cur"));
  row.classList.add("cur");
  row.scrollIntoView({ block: "nearest" });
};
const peek = async row => {
  if (!row?.dataset.peek) return;
  select(row);
  const mine = ++peekTurn;
  const body = find(".body", peekBox);
  body.setAttribute("aria-busy", true);
  if (!peekBox.open) peekBox.showModal();
  const response = await request(row.dataset.peek).catch(() => null);
  if (mine !== peekTurn) return;
  body.removeAttribute("aria-busy");
  if (!response?.ok) {
    peekBox.close();
    return toast(response ? explain(response.status) : say("offline"), "error");
  }
  body.innerHTML = await response.text();
  window.htmx?.process(body);
  dress(body);
};
const count = () => {
  const all = picks(), picked = all.filter(box => box.checked).length;
  findAll("[data-picked]").forEach(node => { node.textContent = picked; });
  const master = find("[data-all]");
  if (!master) return;
  master.checked = picked > 0 && picked === all.length;
  master.indeterminate = picked > 0 && picked < all.length;
};

on("click", "tr[data-peek]", (event, row) => {
  if (!event.target.closest("a, input, button, label, select") && !getSelection().toString()) peek(row);
});
on("click", ".c-pick [name=pk]", (event, box) => {
  const all = picks();
  if (event.shiftKey && all.includes(lastPick)) {
    const [from, to] = [all.indexOf(lastPick), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(from, to + 1).forEach(other => { other.checked = box.checked; });
  }
  lastPick = box;
  count();
});
on("change", "[data-all]", (event, master) => { picks().forEach(box => { box.checked = master.checked; }); count(); });
on("click", "[data-unpick]", () => { picks().forEach(box => { box.checked = false; }); count(); });
dressers.push(count);

document.addEventListener("keydown", event => {
  const open = peekBox?.open;
  if (isComposing(event) || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (find("dialog[open]") && !open || event.target.closest(".job")) return;
  const rows = listRows(), at = rows.findIndex(row => row.classList.contains("cur"));
  if (!rows.length) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const onControl = event.target.closest("a, button, summary, input");
  if (step && (event.key.length === 1 || !open)) {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    event.preventDefault();
    if (open) peek(next);
    else select(next);
  } else if (at < 0 || open) {
    return;
  } else if (event.key === "x") {
    find("[name=pk]", rows[at])?.click();
  } else if (event.key === " " && !onControl) {
    event.preventDefault();
    peek(rows[at]);
  } else if (event.key === "Enter" && !onControl) {
    find(".lead", rows[at])?.click();
  }
});
