// A plan's changes can be taken back, a row of its stops can be dragged, and a warning can be followed by its button.
(function () {
  "use strict";
  const past = { entries: [], at: -1 };

  function told() { return [past.at <= 0, past.at >= past.entries.length - 1]; }

  // What was kept or opened is a new beginning: nobody goes back behind a version.
  function remembered(work) {
    if (!work) { past.entries = []; past.at = -1; return told(); }
    if (past.entries[past.at] === work) { return told(); }
    const last = past.entries[past.at];
    const same = last && last.plan.version === work.plan.version && (last.plan.id === work.plan.id || !work.plan.version);
    past.entries = same ? past.entries.slice(0, past.at + 1) : [];
    past.entries.push(work);
    past.at = past.entries.length - 1;
    return told();
  }

  function back() {
    const { no_update, callback_context } = window.dash_clientside;
    const step = callback_context.triggered_id === "undo-change" ? -1 : 1;
    const work = past.entries[past.at + step];
    if (!work) { return [no_update, no_update]; }
    past.at += step;
    return [work, work.told];
  }

  function order(change) {
    const token = crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random();
    window.dash_clientside.set_props("plan-change", { data: { token, ...change } });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change]");
    if (button) { order({ kind: button.dataset.change, visit: button.dataset.visit }); }
  });

  // Dropped on a row, a visit takes that row's crew and place.
  var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
  dagfuncs.lianfangDropped = function (params) {
    const row = params.node.data;
    const over = params.overNode && params.overNode.data;
    const rows = [];
    params.api.forEachNode((node) => rows.push(node.data));
    const target = over || rows[rows.length - 1];
    if (!target || target.key === row.key) { return; }
    const own = rows.filter((one) => one.crew_id === target.crew_id && one.visit !== row.visit).map((one) => one.visit);
    const down = rows.findIndex((one) => one.key === row.key) < rows.findIndex((one) => one.key === target.key);
    const place = own.indexOf(target.visit) + (!over || (down && row.crew_id === target.crew_id) ? 1 : 0);
    order({ kind: "move", visit: row.visit, from: row.crew_id, crew: target.crew_id, after: place > 0 ? own[place - 1] : "" });
  };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, { remembered, back });
}());
