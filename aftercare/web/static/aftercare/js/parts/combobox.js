// Search as one types; the last entry may create a new term. See components/combobox.html.
// Full-width letters and digits become plain, spaces single: the server does the same and checks aliases.
const normalise = text => text
  .replace(/[０-９Ａ-Ｚａ-ｚ]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  .replace(/\s+/g, " ").trim();
let combos = 0;

const makeCombo = box => {
  if (box.dataset.ready) return;
  box.dataset.ready = 1;
  const [input, hidden] = findAll("input", box);
  const pop = document.createElement("div");
  let rows = [], at = -1, timer, turn = 0;
  Object.assign(pop, { className: "pop", hidden: true, id: "combo-" + ++combos });
  pop.setAttribute("role", "listbox");
  box.append(pop);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", pop.id);
  input.setAttribute("aria-expanded", false);

  const close = () => { pop.hidden = true; input.setAttribute("aria-expanded", false); };
  const take = row => {
    input.value = row.label;
    hidden.value = row.id || "";
    box.classList.toggle("is-new", !!row.isNew);
    for (const [name, value] of Object.entries(row.fill || {})) {
      const field = find(`[name="${name}"]`, box.closest("tr, [data-row], form"));
      if (field) field.value = value;
    }
    close();
    box.dispatchEvent(new CustomEvent("taken", { bubbles: true, detail: row }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const draw = () => {
    pop.replaceChildren(...rows.map((row, i) => {
      const option = document.createElement("div");
      option.id = pop.id + "-" + i;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", i === at);
      option.className = row.isNew ? "new" : "";
      option.textContent = row.isNew ? say("create", row.label) : row.label;
      if (row.hint) option.append(Object.assign(document.createElement("small"), { textContent: row.hint }));
      option.addEventListener("mousedown", event => { event.preventDefault(); take(row); });
      return option;
    }));
    pop.hidden = !rows.length;
    input.setAttribute("aria-expanded", !pop.hidden);
    input.setAttribute("aria-activedescendant", at < 0 ? "" : pop.id + "-" + at);
    pop.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const load = async () => {
    const mine = ++turn, text = normalise(input.value);
    const response = await request(withQuery(box.dataset.combo, text)).catch(() => null);
    if (!response?.ok || mine !== turn || document.activeElement !== input) return;
    rows = (await response.json()).rows;
    if ("create" in box.dataset && text && !rows.some(row => row.label === text)) rows = [...rows, { label: text, isNew: true }];
    at = rows.length && text ? 0 : -1;
    draw();
  };

  input.addEventListener("input", () => {
    hidden.value = "";
    box.classList.remove("is-new");
    clearTimeout(timer);
    timer = setTimeout(load, 150);
  });
  input.addEventListener("focus", load);
  input.addEventListener("blur", () => {
    turn++;
    close();
    input.value = normalise(input.value);
    box.classList.toggle("is-new", "create" in box.dataset && !!input.value && !hidden.value && rows.every(row => row.label !== input.value || row.isNew));
  });
  input.addEventListener("keydown", event => {
    if (isComposing(event) || pop.hidden || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) at = (at + step + rows.length) % rows.length;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); }
    if (event.key === "Enter" && rows[at]) { event.preventDefault(); event.stopPropagation(); take(rows[at]); }
    if (step) { event.preventDefault(); draw(); }
  });
};
dressers.push(within => findAll("[data-combo]", within).forEach(makeCombo));

// Buttons with frequent terms fill the field they name: <div class="tagpick" data-for="id">.
on("click", ".tagpick button", (event, button) => {
  const input = document.getElementById(button.parentNode.dataset.for);
  input.value = button.textContent.trim();
  const hidden = input.nextElementSibling;
  if (hidden?.type === "hidden") hidden.value = button.value;
  input.closest(".combo")?.classList.remove("is-new");
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
