"""Whether pages can be read and used by everybody: names, labels, references, headings, contrast in both themes.

What is asked follows WCAG 2.2 level AA (1.1.1, 1.3.1, 1.4.3, 2.4.3, 2.4.6, 3.1.1, 4.1.2) as far as a machine can tell.
"""

from __future__ import annotations

from bench.prove._story import check

# Gives back sentences about what is wrong on the page as it stands.
AUDIT = r"""
() => {
  const wrong = new Set();
  const shown = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return r.width > 1 && r.height > 1 && s.visibility !== "hidden" && !e.closest("[hidden],[inert],dialog:not([open]),details:not([open]) > :not(summary)"); };
  const told = e => e.outerHTML.slice(0, 90).replace(/\s+/g, " ");
  const nameOf = e => (e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") || "").split(" ").filter(Boolean)
    .map(id => document.getElementById(id)?.textContent || "").join(" ") || [...(e.labels || [])].map(l => l.textContent).join(" ")
    || e.textContent || e.title || e.querySelector("img")?.alt || (["submit", "button"].includes(e.type) && e.value) || "").trim();
  if (!document.documentElement.lang) wrong.add("the page has no language");
  if (!document.title.trim()) wrong.add("the page has no title");
  document.querySelectorAll("a[href], button, summary, [role=button], input:not([type=hidden]), select, textarea, canvas[role], dialog[open]").forEach(e => {
    if (shown(e) && !nameOf(e)) wrong.add("no name: " + told(e));
  });
  document.querySelectorAll("img").forEach(e => { if (!e.hasAttribute("alt")) wrong.add("no alt: " + told(e)); });
  const ids = new Map();
  document.querySelectorAll("[id]").forEach(e => ids.set(e.id, (ids.get(e.id) || 0) + 1));
  ids.forEach((n, id) => { if (n > 1) wrong.add(`${n} elements have the id ${id}`); });
  document.querySelectorAll("[aria-controls], [aria-describedby], [aria-labelledby], label[for]").forEach(e => {
    for (const name of ["aria-describedby", "aria-labelledby", "for"])
      (e.getAttribute(name) || "").split(" ").filter(Boolean).forEach(id => { if (!document.getElementById(id)) wrong.add(`${name} points to nothing: ${id}`); });
  });
  document.querySelectorAll("[tabindex]").forEach(e => { if (e.tabIndex > 0) wrong.add("own tab order: " + told(e)); });
  document.querySelectorAll("[aria-hidden=true] :is(a[href], button, input:not([type=hidden]))").forEach(e => { if (shown(e) && e.tabIndex >= 0) wrong.add("focus in what is hidden: " + told(e)); });
  if (!document.querySelector("main")) wrong.add("no main");
  if ([...document.querySelectorAll("h1")].filter(shown).length > 1) wrong.add("several h1");
  const channel = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const parse = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const groundOf = e => { const layers = [];
    for (let n = e; n; n = n.parentElement) { const s = getComputedStyle(n); if (s.backgroundImage !== "none" && !s.backgroundImage.includes("repeating")) return null;
      const c = parse(s.backgroundColor); if (c[3]) layers.push(c); if (c[3] === 1) break; }
    return layers.reverse().reduce((ground, layer) => over(layer, ground), [255, 255, 255, 1]); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || seen.has(e) || !shown(e) || e.closest("[disabled], [aria-disabled=true], svg, option, .sr, noscript, script")) continue;
    seen.add(e);
    const s = getComputedStyle(e), ground = groundOf(e);
    if (!ground) continue;
    const ink = over(parse(s.color), ground), [a, b] = [light(ink), light(ground)].sort((x, y) => y - x);
    let fade = 1; for (let n = e; n; n = n.parentElement) fade *= getComputedStyle(n).opacity;
    if (fade < .99) continue;
    const size = parseFloat(s.fontSize), large = size >= 24 || (size >= 18.66 && s.fontWeight >= 600), ratio = (a + .05) / (b + .05);
    if (ratio < (large ? 3 : 4.5) - .05) wrong.add(`contrast ${ratio.toFixed(2)} of “${node.data.trim().slice(0, 16)}” .${e.className || e.parentElement.className}`);
  }
  return [...wrong].slice(0, 12);
}
"""
OFFICE = ("/", "/desk/", "/board/", "/orders/", "/orders/{order}/", "/orders/{order}/edit/", "/customers/new/", "/custody/", "/reports/")
PHONE = ("/field/", "/field/van/", "/field/me/")


def pages_can_be_read(stage) -> None:
    """Pages can be read and used by everybody: names, labels, contrast, light and dark"""
    order = stage.told.get("first", "")
    found = audit(stage.page("manager"), [path.format(order=order) for path in OFFICE if order or "{" not in path])
    found += audit(stage.page("engineer", phone=True), PHONE)
    check(not found, "\n".join(found[:12]))


def audit(page, paths) -> list[str]:
    """What is wrong on these pages, in both themes; a page that cannot be opened is told, too."""
    wrong = []
    for path in paths:
        answer = page.goto(path)
        if answer is None or answer.status >= 400:
            wrong.append(f"{path}: {answer.status if answer else 'no answer'}")
            continue
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            wrong += [f"{path} ({theme}): {text}" for text in page.evaluate(AUDIT)]
    return list(dict.fromkeys(wrong))
