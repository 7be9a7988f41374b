// A form with several lines grows: three more empty rows, named on from the last one (part8, qty8 … part9, qty9 …).
const addRow = body => {
  const row = body.rows[body.rows.length - 1].cloneNode(true), next = name => name.replace(/\d+(?=$|_id$)/, digits => +digits + 1);
  findAll(".pop, .error", row).forEach(node => node.remove());
  findAll("[name]", row).forEach(field => {
    field.name = next(field.name);
    if (field.id) field.id = next(field.id);
    if (field.matches("select")) field.selectedIndex = 0;
    else field.value = "";
  });
  findAll("label", row).forEach(label => { label.htmlFor = next(label.htmlFor); });
  findAll("[data-combo]", row).forEach(box => { delete box.dataset.ready; });
  findAll(".err", row).forEach(node => node.classList.remove("err"));
  body.append(row);
  return row;
};
const grow = body => {
  const rows = [1, 2, 3].map(() => addRow(body));
  rows.forEach(dress);
  return rows;
};

on("click", "[data-more-rows]", (event, button) => find("input", grow(find("tbody", button.closest("section")))[0]).focus());
// Who types in the last row gets more of them.
on("input", ".inputs tr:last-child input", (event, field) => {
  if (find("[data-more-rows]", field.closest("section"))) grow(field.closest("tbody"));
});
// Enter, as scanners send it, goes on to the next field; the whole is sent by its button or Ctrl+Enter.
on("keydown", ".inputs input", (event, field) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.defaultPrevented || isComposing(event)) return;
  event.preventDefault();
  const fields = findAll("input:not([type=hidden]), select", field.closest("tbody"));
  fields[fields.indexOf(field) + 1]?.focus();
});
dressers.push(within => findAll("[data-more-rows]", within).forEach(button => { button.hidden = false; }));
