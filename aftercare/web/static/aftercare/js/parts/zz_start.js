// Last part: dress the page once everything is declared, and lend what the scripts of single pages need.
dress(document);
find(".side [aria-current]")?.scrollIntoView({ block: "nearest" });
window.aftercare = { find, findAll, on, post, toast, openDialog, newKey, normalise, say, isComposing, dressers };
