// The averaging window: noisy temperatures with their running average, and below them, on the same days, how much each
// one weighs in the average of the chosen day. Everything drawn comes from the data; this file only scales and words it.
// State: `beta` an index, `day` from 1, `corrected` whether the average is divided by the weight that it really holds.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique, zoneMap } from "./base.js";
import { box, clipped, frame, points } from "./plane.js";

const LEFT = 32;
const RIGHT = 8;
const DEGREES = [0, 30];
const BARS = 74; // pixels
const percent = (share) => `${Math.round(100 * share)} %`;
const degrees = (value) => `${value.toFixed(1).replace("-", "−")}°`;

/** The two boxes that share their days: temperatures above, weights below. */
function scales(data, width) {
  const across = { left: LEFT, width: width - LEFT - RIGHT };
  const days = [0, data.measured.length + 1];
  const tall = Math.round(Math.min(220, Math.max(170, width * 0.36)));
  const above = box({ ...across, view: [days, DEGREES], top: 20, height: tall });
  const below = box({ ...across, view: [days, [0, 1.08]], top: tall + 72, height: BARS });
  return { above, below, strip: tall + 72 + BARS + 62, width, height: tall + 72 + BARS + 86 };
}

const series = (values, s) => values.map((value, i) => [s.x(i + 1), s.y(value)]);

/** What no slider moves: frames, the measured days, the wave behind them. */
function backdrop(data, s) {
  const ticks = [1, 30, 60, 90].filter((day) => day <= data.measured.length);
  const dots = series(data.measured, s.above).map(([cx, cy]) => svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 2, class: "measured" }));
  return [
    ...frame(s.above, { x: ticks, y: [0, 10, 20, 30], yLabel: "degrees: dots measured, broad line the wave" }),
    svg("polyline", { points: points(series(data.wave, s.above)), class: "wave" }),
    ...dots,
    ...frame(s.below, { y: [0, 1], yLabel: "weight in that day's average, the newest's = 1" }),
  ];
}

/** The two averages, the chosen one strong, and the day. */
function averages(chosen, s) {
  const line = (name) => {
    const kind = (name === "corrected") === chosen.corrected ? "path chosen" : "path other";
    return svg("polyline", { points: points(series(chosen.lines[name], s)), class: kind, "data-drawn": name });
  };
  const [x, y] = [s.x(chosen.day), s.y(chosen.value)];
  return [
    clipped(s, line("plain"), line("corrected")),
    svg("circle", { cx: x.toFixed(2), cy: y.toFixed(2), r: 6, class: "now" }),
  ];
}

/** How much of the average the days of each part hold: the latest half-life, the rest of the window, the older ones. */
function parts(chosen) {
  const ends = [Math.ceil(chosen.halfLife), Math.ceil(chosen.window), chosen.day].map((end) => Math.max(1, Math.min(end, chosen.day)));
  const sum = (from, to) => chosen.weights.slice(from, to).reduce((total, weight) => total + weight, 0);
  const held = [sum(0, ends[0]), sum(ends[0], ends[1]), sum(ends[1], ends[2])];
  return { ends, held, total: held[0] + held[1] + held[2] };
}

/** A bar for each day so far; its height is its weight over the newest's. Each part is one shape of one shade. */
function bars(chosen, { ends }, s) {
  const half = 0.4 * (s.x(1) - s.x(0));
  const bar = (age) => {
    const [x, y] = s.at([chosen.day - age, chosen.weights[age] / chosen.weights[0]]);
    return `M${(x - half).toFixed(2)},${s.y(0).toFixed(2)}V${y.toFixed(2)}h${(2 * half).toFixed(2)}V${s.y(0).toFixed(2)}Z`;
  };
  const shape = (from, to, shade) => {
    const ages = [...Array(Math.max(0, to - from)).keys()].map((i) => from + i).filter((age) => chosen.weights[age] > 0);
    return svg("path", { d: ages.map(bar).join(""), class: `bars ${shade}` });
  };
  return [shape(0, ends[0], "half"), shape(ends[0], ends[1], "rest"), shape(ends[1], ends[2], "older")];
}

/** Half-life and window, measured back from the day. */
function brackets(chosen, s) {
  const right = s.x(chosen.day + 0.5);
  const floor = s.top + s.height;
  return [["half-life", chosen.halfLife, 12], ["window", chosen.window, 31]].flatMap(([name, length, down]) => {
    const left = Math.max(s.left, s.x(chosen.day + 0.5 - length));
    const y = floor + down;
    const place = left - s.left > 110 ? [left - 6, "end"] : s.left + s.width - right > 110 ? [right + 6, ""] : [left + 12, "over"];
    const label = svg("text", { x: place[0], y: y + 4.5, class: `tick ${place[1]}` }, `${name} ${number(length)}`);
    return [svg("path", { d: `M${left},${y - 4}v8M${left},${y}H${right}M${right},${y - 4}v8`, class: "bracket" }), label];
  });
}

/** What the average of the day is made of, as a strip of 100 %. */
function strip(chosen, { held, total }, s) {
  const whole = chosen.corrected ? total : 1;
  const names = ["half", "rest", "older", "start"];
  const shares = [...held, chosen.corrected ? 0 : 1 - total].map((share) => share / whole);
  const wide = s.above.width;
  let from = LEFT;
  return shares.flatMap((share, i) => {
    const x = from;
    from += share * wide;
    const text = i === 3 ? `start ${percent(share)}` : percent(share);
    const fits = share * wide > 8 * text.length + 6;
    const label = fits ? [svg("text", { x: x + (share * wide) / 2, y: s.strip + 15.5, class: `share middle ${names[i]}` }, text)] : [];
    return [svg("rect", { x: x.toFixed(2), y: s.strip, width: (share * wide).toFixed(2), height: 22, class: `bars ${names[i]}` }), ...label];
  });
}

/** Everything about the average that the controls point at. */
function chosenOf(data, { beta, day, corrected }) {
  const zone = data.zones.find(({ first, last }) => first <= beta && beta <= last);
  const lines = { plain: data.plain[beta], corrected: data.corrected[beta] };
  return {
    day,
    corrected,
    lines,
    value: lines[corrected ? "corrected" : "plain"][day - 1],
    wave: data.wave[day - 1],
    beta: data.beta[beta],
    weights: data.weights[beta],
    halfLife: data.half_life[beta],
    window: data.window[beta],
    errors: data.errors[beta],
    zone: zone.name,
    ...data.regimes[zone.name],
  };
}

function told(chosen, { ends, held, total }) {
  const latest = ends[0] === 1 ? "The latest day holds" : `The latest ${ends[0]} days hold`;
  const start = percent(1 - total);
  const pull = chosen.corrected
    ? `The start at 0 held ${start}; the correction shares that out among the days.`
    : `The start at 0 holds ${start}.`;
  return [
    `On day ${chosen.day} the average is ${degrees(chosen.value)} and the wave ${degrees(chosen.wave)}.`,
    `${latest} ${percent(held[0] / (chosen.corrected ? total : 1))} of the average. ${pull}`,
    `Corrected, it errs by ${degrees(chosen.errors.noise)} from noise and by ${degrees(chosen.errors.lag)} from being late.`,
    chosen.says,
  ].join(" ");
}

/** The zones of the slider meet half way between two positions; its one limit is the best average. */
function mapOf(data, choose) {
  const last = data.beta.length - 1;
  const zones = data.zones.map(({ name, first, last: end }) => {
    return { name, from: Math.max(0, first - 0.5), to: Math.min(last, end + 0.5), ink: data.regimes[name].ink };
  });
  const best = { at: data.best, label: `${data.beta[data.best]}`, name: "errs least here", ink: "green" };
  return zoneMap({ zones, limits: [best], last, choose });
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.measured.length;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Noisy temperatures with their running average, and the weight of every day in one day's average");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const beta = slider({ name: "Beta", max: data.beta.length - 1, onInput: (index) => state.set({ beta: index }) });
  const days = slider({ name: "Day", min: 1, max: last, onInput: (day) => { play.stop(); state.set({ day }); } });
  const map = mapOf(data, (index) => state.set({ beta: index }));
  const mend = html("input", { type: "checkbox" });
  mend.addEventListener("change", () => state.set({ corrected: mend.checked }));
  const shown = { beta: html("b"), halfLife: html("b"), window: html("b"), zone: html("b", { class: "zone-name" }), day: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    const made = parts(chosen);
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    moving.replaceChildren(...averages(chosen, s.above), ...bars(chosen, made, s.below), ...brackets(chosen, s.below), ...strip(chosen, made, s));
    [beta.value, days.value, mend.checked] = [at.beta, at.day, at.corrected];
    shown.beta.textContent = number(chosen.beta);
    shown.halfLife.textContent = number(chosen.halfLife);
    shown.window.textContent = number(chosen.window);
    shown.zone.textContent = chosen.zone;
    shown.day.textContent = `${at.day}`;
    beta.setAttribute("aria-valuetext", `${number(chosen.beta)}, ${chosen.zone}`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(chosen, made);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s), svg("text", { x: LEFT, y: s.strip - 6, class: "tick" }, "what that average is made of"));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().day, set: (day) => state.set({ day }), first: 1, last, pause: 120 });
  root.classList.add("course-explorer-body", "window-body");
  root.replaceChildren(
    readout([["share β that stays", shown.beta], ["half-life", shown.halfLife], ["window", shown.window], ["so the average", shown.zone]]),
    html("div", { class: "map" }, map.zones, beta, map.limits),
    picture,
    html("div", { class: "walk" }, play.button, days, html("span", {}, "day ", shown.day, ` of ${last}`)),
    html("label", { class: "mend" }, mend, " bias correction: divide by the weight that the days really hold"),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
