// The wall's numbered discs, which stay clear of each other at every size of screen, and the counting of cards that do not fit.
(function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const DESIGN_HEIGHT = 1080;
  const state = { rings: [], map: null, fitted: false, textScale: 1 };

  function wall(scene) {
    if (scene) { state.rings = scene.rings; whenDrawn(scene.bounds); }
    // Dash sets the cards in the same answer; they are there at the next frame.
    requestAnimationFrame(() => requestAnimationFrame(countCards));
    return window.dash_clientside.no_update;
  }

  function whenDrawn(bounds) {
    const map = window.lianfangMap();
    if (!map || !map.style || !map.style._loaded) { setTimeout(() => whenDrawn(bounds), 100); return; }
    if (state.map !== map) {
      state.map = map;
      map.on("move", place);
      map.on("resize", () => { scaleText(map); place(); countCards(); });
      scaleText(map);
      // Not before plotly has set its map up: it would put its own view back.
      map.once("idle", () => fit(map, bounds));
    }
    place();
  }

  // The server does not know how large the screen is. Once, and only where the address names no place of its own.
  function fit(map, bounds) {
    if (!bounds || new URLSearchParams(location.search).has("zoom")) { return; }
    const [west, south, east, north] = bounds;
    const room = map.getContainer();
    const disc = size();
    const padding = { top: Math.min(disc * 2, room.clientHeight / 5), bottom: Math.min(disc, room.clientHeight / 6),
      left: Math.min(disc, room.clientWidth / 8), right: Math.min(disc, room.clientWidth / 8) };
    const camera = map.cameraForBounds([[west, south], [east, north]], { padding, maxZoom: 13 });
    if (camera) {
      // Through plotly, or it would take its own old view back at the next resize.
      window.Plotly.relayout(document.querySelector(".map .js-plotly-plot"), { "map.center": { lon: camera.center.lng, lat: camera.center.lat }, "map.zoom": camera.zoom });
    }
  }

  // Letters on the map keep their share of the screen's height, like all others on the wall.
  function scaleText(map) {
    const wanted = Math.max(window.innerHeight, 500) / DESIGN_HEIGHT;
    for (const layer of map.getStyle().layers) {
      const size = layer.type === "symbol" && map.getLayoutProperty(layer.id, "text-size");
      if (typeof size === "number") { map.setLayoutProperty(layer.id, "text-size", (size / state.textScale) * wanted); }
    }
    state.textScale = wanted;
  }

  function size() { return Math.max(window.innerHeight * 0.055, 30); }

  function place() {
    const box = document.querySelector(".rings");
    if (!box || !state.map) { return; }
    const disc = size();
    const anchors = state.rings.map((ring) => state.map.project([ring.lon, ring.lat]));
    const at = apart(anchors, disc, box.clientWidth, box.clientHeight);
    const lines = document.createElementNS(SVG, "svg");
    const shown = [lines];
    state.rings.forEach((ring, n) => {
      if (!inside(anchors[n], box)) { return; }
      const line = document.createElementNS(SVG, "line");
      for (const [name, value] of [["x1", anchors[n].x], ["y1", anchors[n].y], ["x2", at[n].x], ["y2", at[n].y]]) { line.setAttribute(name, value); }
      lines.append(line);
      const one = document.createElement("span");
      one.className = ring.fresh ? "ring fresh" : "ring";
      one.textContent = ring.number;
      one.style.left = at[n].x + "px";
      one.style.top = at[n].y + "px";
      shown.push(one);
    });
    box.replaceChildren(...shown);
  }

  function inside(point, box) { return point.x >= 0 && point.y >= 0 && point.x <= box.clientWidth && point.y <= box.clientHeight; }

  // Each disc hangs above its place; those that would overlap push each other, and places, aside.
  function apart(anchors, disc, width, height) {
    const at = anchors.map((anchor) => ({ x: anchor.x, y: anchor.y - disc }));
    for (let round = 0; round < 60; round += 1) {
      for (let one = 0; one < at.length; one += 1) {
        for (let two = one + 1; two < at.length; two += 1) { push(at[one], at[two], disc * 1.08, true); }
        for (const anchor of anchors) { push(at[one], anchor, disc * 0.7, false); }
        at[one].x = Math.min(Math.max(at[one].x, disc * 0.6), width - disc * 0.6);
        at[one].y = Math.min(Math.max(at[one].y, disc * 0.6), height - disc * 0.6);
      }
    }
    return at;
  }

  function push(one, two, least, both) {
    const [dx, dy] = [one.x - two.x || 0.01, one.y - two.y];
    const distance = Math.hypot(dx, dy);
    if (distance >= least) { return; }
    const [x, y] = [(dx / distance) * (least - distance), (dy / distance) * (least - distance)];
    const share = both ? 0.5 : 1;
    one.x += x * share;
    one.y += y * share;
    if (both) { two.x -= x * share; two.y -= y * share; }
  }

  // Cards that do not fit wrap into a column out of sight: none is ever cut in half.
  function countCards() {
    const list = document.querySelector(".card-list");
    const more = document.querySelector(".cards .more");
    if (!list || !more) { return; }
    more.textContent = "";
    const visible = Array.from(list.children).filter((card) => card.offsetLeft - list.offsetLeft < list.clientWidth / 2).length;
    const rest = Math.max(state.rings.length - visible, 0);
    more.textContent = rest ? more.dataset.words.replace("{n}", rest) : "";
  }

  window.addEventListener("resize", countCards);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, { wall });
}());
