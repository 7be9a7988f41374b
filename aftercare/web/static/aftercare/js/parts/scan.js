// Read a barcode by camera where the browser can, else say why it cannot; the field takes typing or a hand scanner in any case.
const camera = {
  may: () => window.isSecureContext && "BarcodeDetector" in window && !!navigator.mediaDevices,
  // A reader of codes; refuses by a word of `why` what no permission would help.
  reader: async () => {
    if (!window.isSecureContext) throw { name: "cameraHttps" };
    if (!camera.may() || !(await BarcodeDetector.getSupportedFormats()).length) throw { name: "cameraNone" };
    return new BarcodeDetector();
  },
  open: async video => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    return stream;
  },
  look: (detector, video) => detector.detect(video).catch(() => []),
  why: error => say({ NotAllowedError: "cameraDenied", NotFoundError: "cameraMissing", NotReadableError: "cameraBusy" }[error.name]
    || (error.name in i18n ? error.name : "camera")),
};
window.scanCamera = camera;
findAll("dialog[data-scan]").forEach(dialog => {
  const video = find("video", dialog), input = find("input", dialog), told = find("[data-why]", dialog);
  dialog.addEventListener("opened", async () => {
    input.value = "";
    told.textContent = "";
    video.hidden = true;
    let detector, stream;
    try {
      detector = await camera.reader();
      stream = await camera.open(video);
    } catch (error) {
      video.hidden = true;
      told.textContent = camera.why(error);
      return;
    }
    const look = async () => {
      if (!dialog.open) return stream.getTracks().forEach(track => track.stop());
      const [code] = await camera.look(detector, video);
      if (code && code.rawValue !== input.value) {
        input.value = code.rawValue;
        navigator.vibrate?.(60);
      }
      setTimeout(look, 300);
    };
    look();
  });
  if (dialog.dataset.target) find("form", dialog).addEventListener("submit", () => {
    const field = find(dialog.dataset.target);
    field.value = input.value.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
