// What the telephone says of itself: its clock at the first try, and where it stands if one lets it.
on("submit", "[data-claim]", (event, form) => { form.claimed_at.value ||= new Date().toISOString(); }, true);
const spot = find("[name=position]");
if (spot) navigator.geolocation?.getCurrentPosition(({ coords }) => {
  spot.value = [coords.latitude, coords.longitude, coords.accuracy];
});
