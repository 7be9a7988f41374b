// Runs before the first paint, so that neither theme nor row height nor slim navigation flashes.
(() => {
  const data = document.documentElement.dataset;
  try {
    for (const key of ["theme", "density", "nav"]) {
      if (localStorage[key]) data[key] = localStorage[key];
    }
  } catch { /* storage is forbidden: the defaults will do */ }
  if (!data.theme && matchMedia("(prefers-color-scheme: dark)").matches) data.theme = "dark";
})();
