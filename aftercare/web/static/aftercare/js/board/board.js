// Dispatch board. Three ways to place a job: drag it, click it and then a slot, or press Enter and choose.
const { find, findAll, on, post, toast, openDialog, newKey, normalise, isComposing, dressers } = window.aftercare;
const board = find("[data-board]");
const SNAP = 30;
const clock = minutes => String(Math.floor(minutes / 60)).padStart(2, "0") + ":" + String(minutes % 60).padStart(2, "0");
const openMinute = board ? board.dataset.openHour * 60 : 0;

// One pixel is one minute. CSSOM is allowed where a style attribute is not.
const place = node => {
  const { start, minutes } = node.dataset;
  if (start === undefined || start === "") return;
  node.style.top = start - openMinute + "px";
  if (minutes) node.style.height = minutes - (node.matches(".job") ? 2 : 0) + "px";
};

if (board) {
  const ghost = Object.assign(document.createElement("div"), { className: "ghost" });
  let held;
  const dayLength = board.dataset.hours * 60;
  // Jobs whose times meet stand side by side: each takes the first column that is free, none covers another.
  const spread = lane => {
    let group = [], ends = [], last = -1;
    const close = () => group.forEach(([job, column]) => {
      job.style.left = `calc(${100 * column / ends.length}% + 3px)`;
      job.style.right = `calc(${100 * (ends.length - column - 1) / ends.length}% + 3px)`;
    });
    findAll(".job", lane).sort((a, b) => a.dataset.start - b.dataset.start || b.dataset.minutes - a.dataset.minutes).forEach(job => {
      const start = +job.dataset.start, end = start + +job.dataset.minutes;
      if (start >= last) {
        close();
        group = [];
        ends = [];
      }
      let column = ends.findIndex(at => at <= start);
      if (column < 0) column = ends.length;
      ends[column] = end;
      last = Math.max(last, end);
      group.push([job, column]);
    });
    close();
  };
  const dressBoard = () => {
    findAll(".lane").forEach(lane => { lane.style.height = dayLength + "px"; });
    findAll("[data-start]", board).forEach(place);
    findAll(".lane").forEach(spread);
  };
  const slotAt = (lane, y) => {
    const minute = Math.floor((y - lane.getBoundingClientRect().top) / SNAP) * SNAP;
    return openMinute + Math.max(0, Math.min(dayLength - SNAP, minute));
  };
  const letGo = () => {
    findAll(".job[aria-pressed=true]", board).forEach(job => job.setAttribute("aria-pressed", false));
    held = null;
  };
  const assign = async (job, lane, start) => {
    letGo();
    const answer = await post(board.dataset.board, {
      job: job.dataset.job, lane: lane.dataset.lane, start, day: board.dataset.day, idempotency_key: newKey(),
    });
    // Refused: post() has said why, and the card stays where it was.
    if (!answer) return job.focus();
    const from = job.closest(".lane");
    if (lane.matches(".pool")) {
      delete job.dataset.start;
      job.removeAttribute("style");
      find(".list", lane).prepend(job);
    } else {
      job.dataset.start = start;
      job.classList.remove("tone-none", "tone-bad");
      job.classList.add("tone-info");
      find(".sla", job)?.remove();
      lane.append(job);
      place(job);
    }
    [from, lane].forEach(one => one?.matches(".lane") && spread(one));
    findAll("[data-pool-count]").forEach(node => { node.textContent = findAll(".pool .job").length; });
    job.focus();
    if (answer.text) toast(answer.text, "", answer.undo);
  };
  // The server tells who fits a job and why; without an address for it nothing is asked.
  const suggest = (job, target) => board.dataset.suggest && find(target) && window.htmx?.ajax("GET", board.dataset.suggest + job.dataset.job, target);
  const openAssign = async job => {
    const dialog = find("#assign"), [lane, time] = findAll("select", dialog);
    held = job;
    find("[data-assign-title]", dialog).textContent = find("b span", job).textContent;
    lane.value = job.closest("[data-lane]").dataset.lane || lane.options[0].value;
    // One that waits begins with whoever fits best, at the half hour that runs now: earlier ones are past.
    const waits = !job.dataset.start, now = find(".nowline", board), first = lane.value;
    if (!waits) time.value = clock(+job.dataset.start);
    else if (now) time.value = clock(Math.floor(now.dataset.start / 30) * 30);
    if (!time.value) time.selectedIndex = 0;
    openDialog(dialog);
    await suggest(job, "#assign-suggest");
    const best = waits && held === job && lane.value === first && find("[data-fits]", dialog);
    if (best && [...lane.options].some(option => option.value === best.dataset.fits)) lane.value = best.dataset.fits;
  };

  on("dragstart", ".job", (event, job) => {
    held = job;
    job.classList.add("drag");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", job.dataset.job);
  });
  on("dragend", ".job", (event, job) => { job.classList.remove("drag"); ghost.remove(); findAll(".over[data-lane]").forEach(lane => lane.classList.remove("over")); });
  on("dragover", "[data-lane]", (event, lane) => {
    if (!held) return;
    event.preventDefault();
    lane.classList.add("over");
    if (lane.matches(".pool")) return;
    const start = slotAt(lane, event.clientY);
    ghost.dataset.start = start;
    ghost.dataset.minutes = held.dataset.minutes;
    ghost.textContent = clock(start);
    lane.append(ghost);
    place(ghost);
  });
  on("dragleave", "[data-lane]", (event, lane) => { if (!lane.contains(event.relatedTarget)) lane.classList.remove("over"); });
  on("drop", "[data-lane]", (event, lane) => {
    event.preventDefault();
    const job = held;
    ghost.remove();
    if (job) assign(job, lane, lane.matches(".pool") ? "" : slotAt(lane, event.clientY));
  });
  on("click", ".board .job", (event, job) => {
    event.stopPropagation();
    if (!job.draggable) return;
    // A click without a pointer comes from Enter or Space.
    if (event.detail === 0) return openAssign(job);
    const pressed = job.getAttribute("aria-pressed") === "true";
    letGo();
    job.setAttribute("aria-pressed", !pressed);
    held = pressed ? null : job;
    if (held) suggest(job, "#suggest");
  });
  on("click", ".lane, .pool", (event, lane) => {
    if (held?.getAttribute("aria-pressed") !== "true" || event.target.closest(".job, input")) return;
    assign(held, lane, lane.matches(".pool") ? "" : slotAt(lane, event.clientY));
  });
  on("submit", "[data-assign]", (event, form) => {
    const [hours, minutes] = form.time.value.split(":");
    const lane = findAll("[data-lane]", board).find(node => node.dataset.lane === form.lane.value);
    if (held && lane) assign(held, lane, form.lane.value ? hours * 60 + +minutes : "");
  });
  document.addEventListener("keydown", event => {
    const job = event.target.closest(".board .job");
    if (isComposing(event) || !job) return;
    const lane = job.closest("[data-lane]"), lanes = findAll("[data-lane]", board).filter(node => node === lane || find(".job", node));
    const jobs = findAll(".job:not([hidden])", lane).sort((a, b) => (a.dataset.start || 0) - (b.dataset.start || 0));
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key], step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Escape") letGo();
    if (!side && !step) return;
    event.preventDefault();
    const next = step ? jobs[jobs.indexOf(job) + step] : find(".job:not([hidden])", lanes[lanes.indexOf(lane) + side] || lane);
    (next || job).focus();
  });
  on("input", "[data-pool-filter]", (event, box) => {
    const text = normalise(box.value);
    findAll(".pool .job").forEach(job => { job.hidden = !job.textContent.includes(text); });
  });
  dressers.push(dressBoard);
  dressBoard();
}
