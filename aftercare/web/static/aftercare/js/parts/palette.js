const palette = find("#palette");

if (palette) {
  const box = find("input", palette);
  const list = find(".list", palette);
  let at = 0, timer, turn = 0;

  const paint = () => findAll("a", list).forEach((link, i) => {
    link.id = "pal-" + i;
    link.setAttribute("aria-selected", i === at);
    if (i !== at) return;
    box.setAttribute("aria-activedescendant", link.id);
    link.scrollIntoView({ block: "nearest" });
  });
  const load = async () => {
    const mine = ++turn;
    const response = await request(withQuery(palette.dataset.src, box.value.trim())).catch(() => null);
    if (!response?.ok || mine !== turn) return;
    list.innerHTML = await response.text();
    at = 0;
    paint();
  };

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(load, 150); });
  palette.addEventListener("opened", () => { box.value = ""; load(); });
  palette.addEventListener("keydown", event => {
    if (isComposing(event)) return;
    const links = findAll("a", list);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && links.length) at = (at + step + links.length) % links.length;
    if (event.key === "Enter") links[at]?.click();
    if (!step && event.key !== "Enter") return;
    event.preventDefault();
    paint();
  });
}
