// The clock, the age of what is shown, and the buttons that change language or theme by changing the address.
(function () {
  "use strict";
  const seen = { at: null, asked: null, trouble: "", pulse: null, missed: false, again: undefined, server: null, unsent: null };

  // Words come with the element, in the language of the page.
  function words(place) { return JSON.parse(place.dataset.words); }

  function ago(seconds, said) {
    const [form, size] = seconds < 120 ? [said.seconds, 1] : seconds < 7200 ? [said.minutes, 60] : seconds < 172800 ? [said.hours, 3600] : [said.days, 86400];
    return form.replace("{n}", Math.max(0, Math.round(seconds / size)));
  }

  // How much time went by is told by a clock nobody sets, and what time it is by the server: that of this machine may be wrong.
  function now() { return seen.server ? seen.server.ms + performance.now() - seen.server.at : Date.now(); }

  function noteTime(answer) {
    const ms = Date.parse(answer.headers.get("date"));
    if (ms) { seen.server = { ms, at: performance.now() }; }
  }

  function showAge() {
    const place = document.querySelector(".age");
    if (!place) { return; }
    const said = words(place);
    if (seen.at === null) { place.textContent = said.reading; return; }
    const seconds = (performance.now() - seen.at) / 1000;
    const trouble = seen.asked !== null && performance.now() - seen.asked > SLOW_MS ? "slow" : seen.trouble;
    const stale = seconds > Number(place.dataset.stale);
    const parts = [said.checked.replace("{age}", ago(seconds, said))];
    if (seen.pulse && seen.pulse.newest) { parts.push(said.newest.replace("{age}", ago((now() - Date.parse(seen.pulse.newest)) / 1000, said))); }
    if (stale) { parts.unshift(said.stale); }
    if (trouble) { parts.unshift(said[trouble]); }
    if (stale || trouble) { parts[0] = "⚠ " + parts[0]; }
    place.classList.toggle("stale", Boolean(stale || trouble));
    place.textContent = parts.join(" · ");
  }

  function showSources(pulse) {
    const place = document.querySelector(".map-corner .source");
    if (place) { place.textContent = pulse.sources && pulse.sources.length ? place.dataset.words.replace("{sources}", pulse.sources.join(", ")) : ""; }
  }

  function showClock() {
    const place = document.querySelector(".clock");
    if (!place) { return; }
    const form = { timeZone: place.dataset.timezone, weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
    place.textContent = new Intl.DateTimeFormat(place.dataset.lang === "en" ? "en-GB" : "zh-CN", form).format(new Date(now()));
  }

  // Every answer of the server to a tick, changed or not, says that what is shown is current. A tick that gets none, or
  // one that is no answer of ours, must still come to an end for Dash: it would leave the interval switched off for ever.
  const TICK_MS = 30000;
  const ASK_AGAIN_MS = 3000;
  const SLOW_MS = 5000;
  const fetchBefore = window.fetch;
  window.fetch = async function (...request) {
    const body = request[1] && request[1].body;
    if (typeof body === "string" && String(request[0].url || request[0]).includes("cacheKey=")) { return patient(() => fetchBefore.apply(this, request)); }
    if (typeof body !== "string" || !String(request[0].url || request[0]).includes("_dash-update-component")) { return fetchBefore.apply(this, request); }
    const isTick = body.includes('"tick.n_intervals"');
    if (isTick) { seen.asked = performance.now(); }
    try {
      const told = Date.now() - touchedAt < TOUCHED_MS ? { ...request[1], headers: { ...request[1].headers, "X-Lianfang-Touched": "1" } } : request[1];
      const answer = await fetchBefore.call(this, request[0], isTick ? { ...told, signal: AbortSignal.timeout(TICK_MS) } : told);
      showSignedOut(answer.status === 401);
      const ours = answer.status === 204 || (answer.ok && (answer.headers.get("content-type") || "").includes("json"));
      if (!isTick) {
        if (answer.status === 401) { seen.missed = true; }
        noteKept(body, answer.status >= 502 ? "unknown" : answer.headers.get("lianfang-kept"));
        refused(answer);
        return answer;
      }
      seen.asked = null;
      if (!ours) {
        seen.trouble = { 503: "away", 504: "slow" }[answer.status] || "server";
        showUnsent();
        return new Response(null, { status: 204 });
      }
      noteTime(answer);
      seen.at = performance.now();
      seen.trouble = "";
      showUnsent();
      catchUp();
      return answer;
    } catch (error) {
      if (isTick) { seen.asked = null; seen.trouble = "server"; showUnsent(); return new Response(null, { status: 204 }); }
      noteKept(body, "unknown");
      throw error;
    }
  };
  // Whoever is there touches the page: its own ticks keep no session alive.
  const TOUCHED_MS = 60000;
  let touchedAt = Date.now();
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) { document.addEventListener(kind, () => { touchedAt = Date.now(); }, { passive: true, capture: true }); }

  // What is shown stays, with all that was typed: signing in happens beside it, and the next answer takes the words away.
  function showSignedOut(isOut) {
    const there = document.querySelector(".signed-out");
    if (!isOut) { if (there) { there.remove(); } return; }
    const place = document.querySelector(".age");
    if (there || !place) { return; }
    const said = words(place);
    const [bar, text, link] = ["div", "span", "a"].map((name) => document.createElement(name));
    const look = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name === "lang" || name === "theme"));
    bar.className = "signed-out";
    bar.setAttribute("role", "alert");
    text.textContent = said.out;
    link.textContent = said.again;
    link.href = `/sign-in?${new URLSearchParams([["next", `/signed-in${look.size ? `?${look}` : ""}`]])}`;
    link.target = "_blank";
    bar.append(text, link);
    document.body.append(bar);
  }


  // What a button sent and nobody kept stays on the page; the same button can be pressed again from here.
  function noteKept(body, kept) {
    const pressed = (JSON.parse(body).changedPropIds || []).map((one) => /^([\w-]+)\.((?:submit_)?n_clicks)$/.exec(one)).find(Boolean);
    if (kept) { seen.missed = true; }
    if (!pressed) { return; }
    const [, id, property] = pressed;
    if (kept) { seen.unsent = { id, property, kept, at: performance.now() }; } else if (seen.unsent && seen.unsent.id === id) { seen.unsent = null; }
    showUnsent();
  }

  function showUnsent() {
    const place = document.querySelector(".unsent");
    if (!place) { return; }
    place.hidden = !seen.unsent;
    if (!seen.unsent) { return; }
    const said = words(place);
    const back = !seen.trouble && seen.at > seen.unsent.at;
    place.querySelector("span").textContent = said[seen.unsent.kept] + (back ? " " + said.back : "");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-again]");
    if (!button || !seen.unsent) { return; }
    const { id, property } = seen.unsent;
    if (button.dataset.again === "yes") { window.dash_clientside.set_props(id, { [property]: Date.now() }); }
    seen.unsent = null;
    showUnsent();
  });

  // A request that was not looked at is told why, in plain text; Dash itself would say nothing.
  async function refused(answer) {
    if (answer.status < 400 || answer.status > 500 || answer.status === 401 || !(answer.headers.get("content-type") || "").includes("text/plain")) { return; }
    window.dash_clientside.set_props("notice", { children: await answer.clone().text() });
  }

  // Work in the background goes on while the server is away: whoever waits for it asks again until somebody answers.
  async function patient(ask) {
    for (;;) {
      try {
        const answer = await ask();
        if (answer.status < 502 && answer.status !== 401) { return answer; }
      } catch (error) { seen.missed = true; }
      await new Promise((then) => { setTimeout(then, ASK_AGAIN_MS); });
    }
  }
  window.addEventListener("lianfang-missed", () => { seen.missed = true; });

  // What could not be fetched while the server was away is asked for again when it is back.
  function catchUp() {
    if (!seen.missed || !seen.pulse) { return; }
    seen.missed = false;
    setTimeout(() => window.dash_clientside.set_props("pulse", { data: { ...seen.pulse, again: Date.now() } }), 0);
  }

  // Passes a pulse on to those who wait for a part of it; what did not change wakes nobody, but after a loss everybody.
  function spread(pulse, ...known) {
    const { no_update, callback_context } = window.dash_clientside;
    const all = Boolean(pulse) && pulse.again !== undefined && pulse.again !== seen.again;
    seen.again = pulse ? pulse.again : undefined;
    return callback_context.outputs_list.map(({ id }, n) => {
      const version = (pulse && pulse.versions[id.replace("version-", "")]) || 0;
      return version === known[n] && !all ? no_update : version;
    });
  }

  function clearNotice() { window.dash_clientside.set_props("notice", { children: "" }); }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { clearNotice(); } });

  // A link to another page takes the two sides along that the address names now.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-keep]");
    if (!link || !link.dataset.keep) { return; }
    const [here, there] = [new URLSearchParams(location.search), new URL(link.href)];
    for (const name of link.dataset.keep.split(",")) { if (here.get(name)) { there.searchParams.set(name, here.get(name)); } }
    link.href = there.href;
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest(".notice")) { clearNotice(); return; }
    const button = event.target.closest("[data-set]");
    if (!button) { return; }
    const address = new URLSearchParams(location.search);
    const [name, value] = button.dataset.set.split("=");
    address.set(name, value);
    location.search = address.toString();
  });

  // A page that could not be made is asked for again; not by a reload, which a browser answers with a page of its own.
  async function comeBack() {
    if (!document.querySelector("main.away")) { return; }
    try { if ((await fetchBefore(location.href, { cache: "no-store" })).ok) { location.reload(); } } catch (error) { seen.missed = true; }
  }

  setInterval(comeBack, ASK_AGAIN_MS);
  setInterval(() => { showAge(); showClock(); }, 1000);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, {
    spread,
    pulsed(pulse) { if (pulse) { seen.pulse = pulse; seen.at = performance.now(); showSources(pulse); } return window.dash_clientside.no_update; },
  });
}());
