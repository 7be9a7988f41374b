// data-open="#id" opens, data-close closes, so does a click on the backdrop. Escape is the browser's.
const openDialog = dialog => {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
  find("input:not([type=hidden]), textarea, select", dialog)?.focus();
};

on("click", "[data-open]", (event, node) => {
  const dialog = find(node.dataset.open);
  if (!dialog) return;
  event.preventDefault();
  openDialog(dialog);
});
on("click", "[data-close]", (event, node) => node.closest("dialog").close());
on("mousedown", "dialog", (event, node) => { if (event.target === node) node.close(); });
// A saved view keeps the filters of the present address, which htmx may have changed since the page came.
on("submit", "[data-query]", (event, form) => { find("[name=query]", form).value = location.search.slice(1); });
// A carry-in opens what is asked of the thing itself.
on("change", "[name=mode]", (event, input) => { const more = find("details", input.form); if (more) more.open = input.value === "bench"; });
