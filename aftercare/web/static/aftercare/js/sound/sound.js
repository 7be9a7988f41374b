// The sound of scanning, for every page that is worked with a scanner: high and short for good, low and twice for wrong, so that nobody
// has to look. Whoever wants to be heard dispatches "heard" with a tone: ok, ask, full, bad.
const find = (selector, within = document) => within.querySelector(selector);
let sound;
const beep = (hertz, start, length, shape) => {
  const tone = sound.createOscillator(), gain = sound.createGain();
  Object.assign(tone, { type: shape });
  tone.frequency.value = hertz;
  gain.gain.value = .25;
  tone.connect(gain).connect(sound.destination);
  tone.start(sound.currentTime + start);
  tone.stop(sound.currentTime + start + length);
};
const hear = tone => {
  root.dataset.heard = tone;
  // A browser lets a page sound only after somebody has touched it.
  if (!sound && navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  sound = sound || new (window.AudioContext || window.webkitAudioContext)();
  sound.resume?.();
  if (tone === "bad") { beep(160, 0, .28, "square"); beep(120, .34, .4, "square"); navigator.vibrate?.([200, 80, 300]); }
  else if (tone === "full") { beep(880, 0, .1, "sine"); beep(1320, .13, .2, "sine"); }
  else beep(tone === "ask" ? 660 : 1200, 0, .09, "sine");
};
const root = document.documentElement;
document.addEventListener("heard", event => hear(event.detail));
