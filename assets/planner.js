// Slider and numbers of the stretch say the same, tables can be made larger, a removal can be taken back, and nobody leaves unsaved terms unasked.
(function () {
  "use strict";

  function marks(slider, from, to, end) {
    const { no_update, callback_context } = window.dash_clientside;
    const typed = callback_context.triggered.some(({ prop_id }) => /^(from|to)-km\./.test(prop_id));
    const number = (value, other) => (typeof value === "number" ? Math.min(Math.max(value, 0), end) : other);
    const now = typed ? [number(from, 0), number(to, end)].sort((one, other) => one - other) : slider;
    const same = Math.abs(now[0] - slider[0]) < 0.005 && Math.abs(now[1] - slider[1]) < 0.005;
    return [same ? no_update : now, now[0] === from ? no_update : now[0], now[1] === to ? no_update : now[1]];
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-undo]");
    if (!button) { return; }
    const { undo, version } = button.dataset;
    window.dash_clientside.set_props("undo", { data: { agreement: undo, version: Number(version), n: Date.now() } });
  });

  // The drawer of tables takes most of the height, and gives it back.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-larger]");
    if (!button) { return; }
    const tall = document.querySelector(".planner").classList.toggle("tall");
    button.setAttribute("aria-pressed", String(tall));
    window.dispatchEvent(new Event("resize"));
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("#unsaved:not(:empty)")) { event.preventDefault(); }
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, { marks });
}());
