// A masked number is fetched on request (the server records who looked) and masked again after half a minute.
on("click", "[data-unmask]", async (event, button) => {
  const masked = button.textContent;
  const answer = await post(button.dataset.unmask);
  if (!answer) return;
  button.textContent = answer.text;
  setTimeout(() => { button.textContent = masked; }, 30000);
});
