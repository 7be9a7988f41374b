// The server sends the deadline; the browser only counts. Late below zero, warning below four hours.
const tick = within => findAll("[data-due]", within).forEach(node => {
  const minutes = Math.floor((node.dataset.due * 1000 - Date.now()) / 60000);
  const size = Math.abs(minutes), hours = Math.floor(size / 60);
  const span = (hours < 24 ? say("hourMinute") : say("dayHour"))
    .replace("{d}", Math.floor(hours / 24))
    .replace("{h}", hours < 24 ? hours : hours % 24)
    .replace("{m}", String(size % 60).padStart(2, "0"));
  node.classList.toggle("late", minutes < 0);
  node.classList.toggle("soon", minutes >= 0 && minutes < 240);
  find("span", node).textContent = say(minutes < 0 ? "late" : "left", span);
});

dressers.push(tick);
setInterval(() => tick(document), 20000);
