// The clock, the age of what is shown, and the buttons that change language or theme by changing the address.
(function () {
  "use strict";
  const seen = { at: null, pulse: null, missed: false };

  // Words come with the element, in the language of the page.
  function words(place) { return JSON.parse(place.dataset.words); }

  function ago(seconds, said) {
    const [form, size] = seconds < 120 ? [said.seconds, 1] : seconds < 7200 ? [said.minutes, 60] : seconds < 172800 ? [said.hours, 3600] : [said.days, 86400];
    return form.replace("{n}", Math.max(0, Math.round(seconds / size)));
  }

  function showAge() {
    const place = document.querySelector(".age");
    if (!place) { return; }
    const said = words(place);
    if (!seen.at) { place.textContent = said.reading; return; }
    const seconds = (Date.now() - seen.at) / 1000;
    const stale = seconds > Number(place.dataset.stale);
    const parts = [said.checked.replace("{age}", ago(seconds, said))];
    if (seen.pulse && seen.pulse.newest) { parts.push(said.newest.replace("{age}", ago((Date.now() - Date.parse(seen.pulse.newest)) / 1000, said))); }
    if (stale) { parts.unshift("⚠ " + said.stale); }
    place.classList.toggle("stale", stale);
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
    place.textContent = new Intl.DateTimeFormat(place.dataset.lang === "en" ? "en-GB" : "zh-CN", form).format(new Date());
  }

  // Every answer of the server to a tick, changed or not, says that what is shown is current. A tick that gets none, or
  // one that is no answer of ours, must still come to an end for Dash: it would leave the interval switched off for ever.
  const TICK_MS = 30000;
  const ASK_AGAIN_MS = 3000;
  const fetchBefore = window.fetch;
  window.fetch = async function (...request) {
    const body = request[1] && request[1].body;
    if (typeof body === "string" && String(request[0].url || request[0]).includes("cacheKey=")) { return patient(() => fetchBefore.apply(this, request)); }
    if (typeof body !== "string" || !String(request[0].url || request[0]).includes("_dash-update-component")) { return fetchBefore.apply(this, request); }
    const isTick = body.includes('"tick.n_intervals"');
    try {
      const answer = await fetchBefore.call(this, request[0], isTick ? { ...request[1], signal: AbortSignal.timeout(TICK_MS) } : request[1]);
      const ours = answer.status === 204 || (answer.ok && (answer.headers.get("content-type") || "").includes("json"));
      if (!isTick) { seen.missed = seen.missed || answer.status >= 502; return answer; }
      if (!ours) { return new Response(null, { status: 204 }); }
      seen.at = Date.now();
      catchUp();
      return answer;
    } catch (error) {
      if (isTick) { return new Response(null, { status: 204 }); }
      seen.missed = true;
      throw error;
    }
  };
  // Work in the background goes on while the server is away: whoever waits for it asks again until somebody answers.
  async function patient(ask) {
    for (;;) {
      try {
        const answer = await ask();
        if (answer.status < 502) { return answer; }
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

  // Passes a pulse on to those who wait for a part of it; what did not change wakes nobody.
  function spread(pulse, ...known) {
    const { no_update, callback_context } = window.dash_clientside;
    return callback_context.outputs_list.map(({ id }, n) => {
      const version = (pulse && pulse.versions[id.replace("version-", "")]) || 0;
      return version === known[n] ? no_update : version;
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

  setInterval(() => { showAge(); showClock(); }, 1000);
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lianfang = Object.assign(window.dash_clientside.lianfang || {}, {
    spread,
    pulsed(pulse) { if (pulse) { seen.pulse = pulse; seen.at = Date.now(); showSources(pulse); } return window.dash_clientside.no_update; },
  });
}());
