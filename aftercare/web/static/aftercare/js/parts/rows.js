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
  body.append(row);
  return row;
};

on("click", "[data-more-rows]", (event, button) => {
  const body = find("tbody", button.closest("section")), rows = [1, 2, 3].map(() => addRow(body));
  rows.forEach(dress);
  find("input", rows[0]).focus();
});
dressers.push(within => findAll("[data-more-rows]", within).forEach(button => { button.hidden = false; }));
