// Applies a scene to the map that is there (addresses of sources, which layers are shown) without ever moving the view,
// and tells the page what a person clicked. The handle to MapLibre is private to plotly: tests/browser guards it.
(function () {
  "use strict";
  const EMPTY = { type: "FeatureCollection", features: [] };
  const state = { query: null, at: null, fitFor: null, tips: [] };
  let attached = null;
  let applied = {};

  function box() { return document.querySelector(".map"); }

  function handle() {
    const plot = document.querySelector(".map .js-plotly-plot");
    const subplot = plot && plot._fullLayout && plot._fullLayout.map && plot._fullLayout.map._subplot;
    return subplot && subplot.map ? { plot, map: subplot.map } : null;
  }

  function whenReady(then) {
    const found = handle();
    const style = found && found.map.style && found.map.style._loaded && found.map.getStyle();
    if (style && style.sources && Object.keys(style.sources).length > 1) { then(found, style); return; }
    // On a slow machine plotly alone takes half a minute; a map that is gone with its page is not waited for.
    if (box()) { setTimeout(() => whenReady(then), 50); }
  }

  function apply(scene) {
    if (!scene) { return window.dash_clientside.no_update; }
    whenReady(({ plot, map }, style) => {
      attach(plot, map);
      for (const [key, path] of Object.entries(scene.sources)) {
        const source = map.getSource(key);
        if (!source) { continue; }
        // What is not shown is not fetched until it is.
        if (!scene.shown[key] || applied[key] === path) { continue; }
        applied[key] = path;
        if (source.type === "vector") { source.setTiles([location.origin + path]); } else { source.setData(path); }
      }
      // What is not kept yet has no address: it comes with the scene.
      for (const [key, features] of Object.entries(scene.inline || {})) { applied[key] = null; map.getSource(key).setData(features); }
      for (const layer of style.layers) {
        if (!(layer.source in scene.shown)) { continue; }
        const wanted = scene.shown[layer.source] ? "visible" : "none";
        if (map.getLayoutProperty(layer.id, "visibility") !== wanted) { map.setLayoutProperty(layer.id, "visibility", wanted); }
      }
      state.tips = style.layers.filter((layer) => scene.tips.includes(layer.source)).map((layer) => layer.id);
      state.query = scene.query === undefined ? state.query : scene.query;
      fit(plot, map, scene);
      show(plot, map, scene.focus);
      writeAddress();
    });
    return window.dash_clientside.no_update;
  }

  // The view moves only when somebody chose other sides; a link that holds a place keeps it.
  function fit(plot, map, scene) {
    if (!scene.fit || scene.fitFor === state.fitFor) { return; }
    // The page opened where its first sides are.
    const first = state.fitFor === null;
    state.fitFor = scene.fitFor;
    if (first) { return; }
    const [west, south, east, north] = scene.fit;
    const camera = map.cameraForBounds([[west, south], [east, north]], { padding: Math.min(80, box().clientHeight / 8), maxZoom: 13 });
    if (camera) {
      // Through plotly, or it would take its own old view back at the next resize.
      window.Plotly.relayout(plot, { "map.center": { lon: camera.center.lng, lat: camera.center.lat }, "map.zoom": camera.zoom });
    }
  }

  // What was picked in a table comes into view; what is in view already stays where it is.
  function show(plot, map, place) {
    if (!place || map.getBounds().contains(place)) { return; }
    window.Plotly.relayout(plot, { "map.center": { lon: place[0], lat: place[1] } });
  }

  function attach(plot, map) {
    if (attached === map) { return; }
    attached = map;
    applied = opened(plot);
    map.on("click", (event) => {
      const rings = state.tips.filter((id) => /^(tested|clusters|urgent|stations)-/.test(id));
      const hit = map.queryRenderedFeatures(event.point, { layers: rings })[0];
      const away = map.unproject([event.point.x + 8, event.point.y]);
      window.dash_clientside.set_props("map-click", { data: {
        lon: event.lngLat.lng, lat: event.lngLat.lat, within_deg: Math.abs(away.lng - event.lngLat.lng),
        cluster: hit ? hit.properties.cluster : null, pick: hit ? hit.properties.pick || null : null, n: Date.now(),
      } });
    });
    map.addImage("hatch", hatch());
    for (const layer of map.getStyle().layers.filter((one) => one.metadata && one.metadata.hatch)) {
      map.setPaintProperty(layer.id, "fill-pattern", "hatch");
      map.setPaintProperty(layer.id, "fill-opacity", 1);
    }
    map.on("mousemove", (event) => tip(map, event));
    map.on("mouseout", () => { document.querySelector(".map-tip").hidden = true; });
    map.on("moveend", () => { remember(map); writeAddress(); scaleBar(map); });
    map.on("idle", () => { box().dataset.idle = String(Number(box().dataset.idle || 0) + 1); });
    map.on("dataloading", () => { delete box().dataset.idle; });
    map.on("error", (event) => {
      const source = event.sourceId && map.getSource(event.sourceId);
      if (!source || source.type !== "geojson") { return; }
      if (event.error && event.error.status) { source.setData(EMPTY); return; }
      // Nobody answered: what is shown stays, and is asked for again when the server is back.
      delete applied[event.sourceId];
      window.dispatchEvent(new Event("lianfang-missed"));
    });
    new ResizeObserver(() => scaleBar(map)).observe(box());
    scaleBar(map);
    map.triggerRepaint();
  }

  // What the page opened with: the style names each source's address, and asking twice for the same would be waste.
  function opened(plot) {
    return Object.fromEntries(Object.entries(plot.layout.map.style.sources).map(([key, source]) => (
      [key, source.type === "vector" ? source.tiles[0].replace(location.origin, "") : source.data])));
  }

  // Diagonal lines in the hue of what is disputed.
  function hatch() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 12;
    // Read at once: drawn by the graphics card, it would have to wait for all the card has to do.
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--disputed").trim();
    pen.lineWidth = 2;
    pen.beginPath();
    for (const start of [-12, 0, 12]) { pen.moveTo(start, 12); pen.lineTo(start + 12, 0); }
    pen.stroke();
    return pen.getImageData(0, 0, 12, 12);
  }

  function tip(map, event) {
    const shown = document.querySelector(".map-tip");
    const layers = state.tips.filter((id) => map.getLayer(id));
    const hit = map.queryRenderedFeatures(event.point, { layers }).find((feature) => feature.properties.tip);
    shown.hidden = !hit;
    if (!hit) { return; }
    shown.textContent = hit.properties.tip;
    const room = box().getBoundingClientRect();
    shown.style.left = Math.min(event.point.x + 14, room.width - shown.offsetWidth - 8) + "px";
    shown.style.top = Math.min(event.point.y + 14, room.height - shown.offsetHeight - 8) + "px";
  }

  function scaleBar(map) {
    const bar = document.querySelector(".scale-bar");
    if (!bar) { return; }
    const middle = box().clientHeight / 2;
    // Room for the words inside, at whatever size of letter.
    const room = Math.max(100, 8 * parseFloat(getComputedStyle(bar).fontSize));
    const metres = map.unproject([0, middle]).distanceTo(map.unproject([room, middle]));
    const power = Math.pow(10, Math.floor(Math.log10(metres)));
    const round = [5, 2, 1].map((step) => step * power).find((length) => length <= metres);
    bar.style.width = (room * round) / metres + "px";
    bar.textContent = round >= 1000 ? round / 1000 + " km" : round + " m";
  }

  function remember(map) {
    const centre = map.getCenter();
    state.at = { lon: centre.lng.toFixed(5), lat: centre.lat.toFixed(5), zoom: map.getZoom().toFixed(2) };
  }

  function writeAddress() {
    if (state.query === null) { return; }
    const address = new URLSearchParams(state.query);
    for (const [name, value] of Object.entries(state.at || {})) { address.set(name, value); }
    const text = address.toString();
    history.replaceState(history.state, "", location.pathname + (text ? "?" + text : ""));
  }

  // While a mark on the border is being set, the pointer says so.
  function aim(mode) {
    const map = box();
    if (map) { map.classList.toggle("aiming", Boolean(mode)); }
    return window.dash_clientside.no_update;
  }

  function missing() {
    const canvas = document.createElement("canvas");
    if (canvas.getContext("webgl2")) { return; }
    const waiting = setInterval(() => {
      const words = document.querySelector(".map-missing");
      if (words) { words.hidden = false; clearInterval(waiting); }
    }, 300);
  }

  missing();
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, { apply, aim });
  window.lianfangMap = () => { const found = handle(); return found && found.map; };
}());
