const prefer = (key, value) => {
  root.dataset[key] = value;
  try { localStorage[key] = value; } catch { /* kept for this page only */ }
};

on("click", "[data-toggle-theme]", () => prefer("theme", root.dataset.theme === "dark" ? "light" : "dark"));
on("click", "[data-toggle-density]", () => prefer("density", root.dataset.density === "roomy" ? "dense" : "roomy"));
on("click", "[data-toggle-nav]", () => {
  const slim = find(".side").offsetWidth < 100;
  find(".shell").classList.remove("slim");
  prefer("nav", slim ? "full" : "slim");
});
// Sections of a long navigation stay as they were left; the one of the page itself is always open.
on("click", ".fold > summary", (event, head) => {
  const fold = head.parentNode;
  try { localStorage[`fold-${fold.dataset.fold}`] = fold.open ? "shut" : "open"; } catch { /* kept for this page only */ }
});
dressers.push(within => findAll(".fold", within).forEach(fold => {
  let kept = "";
  try { kept = localStorage[`fold-${fold.dataset.fold}`]; } catch { /* as the page came */ }
  if (kept && !find("[aria-current]", fold)) fold.open = kept === "open";
}));
on("click", "[data-print]", () => print());

// The account menu closes on a click elsewhere and on Escape.
const closeMenus = except => findAll("details[data-menu][open]").forEach(menu => { if (menu !== except) menu.open = false; });
document.addEventListener("click", event => closeMenus(event.target.closest("details")));
