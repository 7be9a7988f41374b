const hideLater = node => setTimeout(() => node.remove(), find("[data-undo]", node) ? 9000 : 4500);

const toast = (text, kind = "", undo = "") => {
  const copy = find("#toast").content.firstElementChild.cloneNode(true);
  copy.classList.add(kind || "info");
  if (kind === "error") copy.setAttribute("role", "alert");
  copy.firstElementChild.textContent = text;
  const button = find("[data-undo]", copy);
  if (undo) button.dataset.undo = undo;
  else button.remove();
  // An open dialog covers everything else, so its toast has to live inside it.
  const box = find(".toasts");
  (findAll("dialog[open]").pop() || document.body).append(box);
  box.append(copy);
  if (kind !== "error") hideLater(copy);
};

findAll(".toasts .toast:not(.error)").forEach(hideLater);
on("click", "[data-dismiss]", (event, node) => node.closest(".toast").remove());
on("click", "[data-undo]", async (event, node) => {
  node.disabled = true;
  const answer = await post(node.dataset.undo);
  node.closest(".toast").remove();
  if (answer) location.reload();
});

// Servers ask for a toast by the header HX-Trigger: {"toast": {"text", "kind", "undo"}}.
document.addEventListener("toast", event => toast(event.detail.text, event.detail.kind, event.detail.undo));
