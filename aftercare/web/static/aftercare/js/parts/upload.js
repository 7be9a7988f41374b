// File tile: shows that a drop would be taken; the file field itself covers the tile.
["dragenter", "dragleave", "drop"].forEach(type => on(type, "[data-drop]", (event, tile) => tile.classList.toggle("over", type === "dragenter")));
