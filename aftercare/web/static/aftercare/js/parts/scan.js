// Read a barcode by camera where the browser can; else the field takes typing or a hand scanner.
findAll("dialog[data-scan]").forEach(dialog => {
  const video = find("video", dialog), input = find("input", dialog);
  dialog.addEventListener("opened", async () => {
    input.value = "";
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
    } catch { return toast(say("camera")); }
    const detector = new BarcodeDetector();
    const look = async () => {
      if (!dialog.open) return stream.getTracks().forEach(track => track.stop());
      const [code] = await detector.detect(video).catch(() => []);
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
