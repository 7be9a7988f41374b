// Line editor: a stored line posts itself on change; Enter adds the blank line; up and down stay in the column.
let lineFocus;
const addLine = row => { if (find("[name=name]", row).value.trim()) { lineFocus = "name"; window.htmx?.trigger(row, "add"); } };

on("click", "[data-add-line]", (event, button) => addLine(button.closest("tr")));
// A chosen part brings code and price: the line is complete.
on("taken", ".lines .blank .combo", (event, box) => { if (event.detail.id) addLine(box.closest("tr")); });
on("keydown", ".lines input", (event, input) => {
  if (isComposing(event) || event.defaultPrevented) return;
  const row = input.closest("tr"), step = { ArrowUp: "previous", ArrowDown: "next" }[event.key];
  if (event.key === "Enter") {
    event.preventDefault();
    if (row.matches(".blank")) addLine(row);
    else input.blur();
  }
  if (step) find(`[name="${input.name}"]`, row[step + "ElementSibling"] || row)?.focus();
});
// The answer replaces the table: put the cursor back, into the blank line after an addition.
on("focusin", ".lines input", (event, input) => {
  if (!lineFocus) input.closest(".lines").dataset.at = input.closest("tr").rowIndex + ":" + input.name;
});
document.addEventListener("htmx:beforeSwap", event => {
  const table = find(".lines", event.detail.target);
  if (!lineFocus && table?.contains(document.activeElement)) lineFocus = table.dataset.at;
});
dressers.push(within => {
  const table = find(".lines");
  if (!lineFocus || !table) return;
  const [index, name] = lineFocus.split(":");
  (name ? find(`[name="${name}"]`, table.rows[index] || table) : find(".blank [name=name]", table))?.focus();
  lineFocus = "";
});
