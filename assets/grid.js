// Enter on a row of a table picks it, as a click does.
var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
dagfuncs.lianfangPickOnEnter = function (params) {
  "use strict";
  if (params.event.key === "Enter" && /^(cluster|tested|incident|firm|place):/.test(params.data.key)) {
    window.dash_clientside.set_props("picked", { data: params.data.key });
  }
};
