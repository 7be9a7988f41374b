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
on("click", "[data-print]", () => print());

// The account menu closes on a click elsewhere and on Escape.
const closeMenus = except => findAll("details[data-menu][open]").forEach(menu => { if (menu !== except) menu.open = false; });
document.addEventListener("click", event => closeMenus(event.target.closest("details")));
