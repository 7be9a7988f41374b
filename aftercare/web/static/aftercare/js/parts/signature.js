// Signature pad: <canvas data-sign> in a dialog whose form has a hidden field "signature" (PNG data URL).
dressers.push(within => findAll("canvas[data-sign]", within).forEach(pad => {
  if (pad.dataset.ready) return;
  pad.dataset.ready = 1;
  const form = pad.closest("form"), pen = pad.getContext("2d");
  let down = false;
  const reset = () => {
    pad.width = pad.clientWidth * 2;
    pad.height = pad.clientHeight * 2;
    pen.scale(2, 2);
    Object.assign(pen, { lineWidth: 2.4, lineCap: "round", lineJoin: "round" });
    form.signature.value = "";
    find(".primary", form).disabled = true;
  };
  pad.closest("dialog")?.addEventListener("opened", reset);
  pad.addEventListener("pointerdown", event => {
    down = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(event.offsetX, event.offsetY);
  });
  pad.addEventListener("pointermove", event => {
    if (!down) return;
    pen.lineTo(event.offsetX, event.offsetY);
    pen.stroke();
  });
  pad.addEventListener("pointerup", () => {
    down = false;
    form.signature.value = pad.toDataURL("image/png");
    find(".primary", form).disabled = false;
  });
  find("[data-clear]", form).addEventListener("click", reset);
}));
