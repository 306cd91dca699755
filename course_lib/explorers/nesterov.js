// Momentum and Nesterov with the same settings: their walks through one bowl, one step of each taken apart, and the map
// of all settings. Everything drawn comes from the data; this file only scales, subtracts points and words it.
// State: `rate` and `mu` are indices into the data's lists, `step` is the iterate from which the shown step is taken.
import { fitted, guardKeys, html, number, player, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, dot, frame, levelLines, points, walk } from "./plane.js";

const NAMES = ["momentum", "Nesterov"];
const GAP = 20;
const ROW = 17; // pixels of a row of the map
const LETTERS = { "walks in": "w", "rings in": "r", "zigzags in": "z", diverges: "×" };
const both = (point) => point !== null && point[0] !== null && point[1] !== null;
const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
const plus = (a, b, share = 1) => [a[0] + share * b[0], a[1] + share * b[1]];
const pair = (point) => (both(point) ? `(${number(point[0])}, ${number(point[1])})` : "out of sight");

/** For each method a column: the bowl, below it the step taken apart, below that the map of settings. */
function scales(data, width) {
  const side = (width - GAP) / 2;
  const zoom = Math.round(side * 0.72);
  const map = ROW * data.momenta.length;
  const tops = { bowl: 24, zoom: side + 50, map: side + zoom + 78 };
  const columns = NAMES.map((name, i) => {
    const across = { left: i * (side + GAP), width: side };
    const cells = box({ ...across, view: [[0, data.rates.length], [0, data.momenta.length]], top: tops.map, height: map });
    return { name, bowl: box({ ...across, view: data.view, top: tops.bowl, height: side }), zoom: { ...across, top: tops.zoom, height: zoom }, cells };
  });
  return { columns, tops, width, height: tops.map + map + 4 };
}

/** The step of one method: where it stands, where it is carried, where the slope is asked for, where it ends. */
function taken(chosen) {
  const { w, mu, step, name } = chosen;
  const [at, next] = [w[step], w[step + 1]];
  if (!both(at) || !both(next)) return null;
  const carried = step > 0 ? plus(at, minus(at, w[step - 1]), mu) : at;
  return { at, carried, next, push: minus(next, carried), asked: name === "Nesterov" ? carried : at };
}

/** A box around a step, with one scale for both directions. */
function around(part, place) {
  const inside = [part.at, part.carried, part.next, plus(part.asked, part.push)];
  const [low, high] = [Math.min, Math.max].map((most) => [0, 1].map((i) => most(...inside.map((point) => point[i]))));
  const unit = 1.35 * Math.max((high[0] - low[0]) / place.width, (high[1] - low[1]) / place.height, 1e-9);
  const view = [0, 1].map((i) => {
    const [middle, reach] = [(low[i] + high[i]) / 2, (unit * (i ? place.height : place.width)) / 2];
    return [middle - reach, middle + reach];
  });
  return box({ ...place, view });
}

function arrow(from, to, kind) {
  const [dx, dy] = minus(to, from);
  const long = Math.hypot(dx, dy);
  if (long < 1.5) return [];
  const [ux, uy] = [dx / long, dy / long];
  const tip = Math.min(9, long);
  const back = [to[0] - tip * ux, to[1] - tip * uy];
  const head = [to, [back[0] - 0.45 * tip * uy, back[1] + 0.45 * tip * ux], [back[0] + 0.45 * tip * uy, back[1] - 0.45 * tip * ux]];
  return [svg("polyline", { points: points([from, back]), class: `arrow ${kind}` }), svg("polygon", { points: points(head), class: `tip ${kind}` })];
}

/** Carry and push as arrows, in the box `s`; the slope's own arrow stands dashed where it was asked for. */
function arrows(part, s) {
  const place = (point) => s.at(point);
  const apart = part.asked !== part.carried;
  const ring = place(part.asked);
  return [
    ...(apart ? arrow(ring, place(plus(part.asked, part.push)), "asked") : []),
    ...arrow(place(part.at), place(part.carried), "carry"),
    ...arrow(place(part.carried), place(part.next), "push"),
    svg("circle", { cx: ring[0].toFixed(2), cy: ring[1].toFixed(2), r: 9, class: "ring" }),
    dot(...place(part.at), 0),
    dot(...place(part.next), 1),
  ];
}

/** The step, with the line of the valley's floor where it comes into view. */
function zoomed(chosen, place) {
  const part = taken(chosen);
  const edge = { x: place.left, y: place.top, width: place.width, height: place.height, class: "frame" };
  if (part === null) {
    const middle = { x: place.left + place.width / 2, y: place.top + place.height / 2, class: "tick middle" };
    return [svg("rect", edge), svg("text", middle, "far out of sight")];
  }
  const s = around(part, place);
  const floor = svg("line", { x1: s.left, x2: s.left + s.width, y1: s.y(0), y2: s.y(0), class: "floor" });
  return [clipped(s, floor, ...arrows(part, s)), svg("rect", edge)];
}

/** A cell for each setting: its letter says what the method does, its strength how fast. */
function cells(data, method, s, choose) {
  return method.regime.flatMap((row, i) => row.map((name, j) => {
    const strength = name === "diverges" ? 0.3 : 0.06 + 0.44 * Math.min(1, (1 - method.pace[i][j]) / 0.25);
    const [x, y] = [s.x(i), s.y(j + 1)];
    const cell = svg("rect", { x: x.toFixed(2), y, width: s.width / data.rates.length, height: ROW, style: `--zone:var(--course-${data.inks[name]});fill-opacity:${strength.toFixed(2)}`, class: "cell" });
    cell.addEventListener("click", () => choose(i, j));
    return svg("g", {}, cell, svg("text", { x: s.x(i + 0.5).toFixed(2), y: y + 12.5, class: "letter middle" }, LETTERS[name]));
  }));
}

/** What no slider moves. */
function backdrop(data, s, choose) {
  const text = (y, words) => svg("text", { x: 0, y, class: "tick" }, words);
  return [
    ...s.columns.flatMap(({ name, bowl, cells: map }) => [
      clipped(bowl, ...levelLines(data.levels, bowl)),
      ...frame(bowl, {}),
      ...cells(data, data.methods[name], map, choose),
    ]),
    text(s.tops.zoom - 8, "the next step, taken apart"),
    text(s.tops.map - 8, "all settings: learning rate to the right, momentum up"),
  ];
}

const LEGEND = [
  "In the middle the next step: carried along the plain arrow, then pushed by the slope that was asked for in the dotted ring; the grey line is the valley's floor.",
  "Below all settings: w walks in, r rings in, z zigzags in, × diverges; the stronger the shade, the faster.",
].join(" ");

/** One method's walk and step, its heading, and where it stands on the map. */
function column(data, chosen, { name, bowl, zoom, cells: map }, at) {
  const cell = { x: map.x(at.rate), y: map.y(at.mu + 1), width: map.width / data.rates.length, height: ROW, class: "here" };
  const here = chosen.w[chosen.step];
  return svg(
    "g",
    { style: `--now:var(--course-${name === "Nesterov" ? "blue" : "orange"})` },
    svg("text", { x: bowl.left, y: 15, class: "heading" }, `${name} ${chosen.regime}`),
    clipped(bowl, walk(chosen.w, bowl, { name, dots: false }), ...(both(here) ? [dot(...bowl.at(here), 0)] : [])),
    ...zoomed(chosen, zoom),
    svg("rect", cell),
  );
}

function chosenOf(data, name, { rate, mu, step }) {
  const method = data.methods[name];
  return { name, step, mu: data.momenta[mu], w: method.w[rate][mu], pace: method.pace[rate][mu], regime: method.regime[rate][mu] };
}

/** Which of the two is faster in the long run: the logarithm of a pace says how many steps a digit takes. */
function verdict(heavy, look) {
  if (heavy.mu === 0) return "Without momentum there is nothing to look ahead to, and the two are one.";
  const lost = [heavy, look].filter(({ regime }) => regime === "diverges");
  if (lost.length === 2) return "Neither comes to rest.";
  if (lost.length === 1) return `Only ${lost[0] === heavy ? "Nesterov" : "momentum"} comes to rest.`;
  const times = Math.log(look.pace) / Math.log(heavy.pace);
  if (Math.abs(Math.log(times)) < Math.log(1.05)) return "In the long run there is next to no difference.";
  return times > 1 ? `Nesterov is ${number(times)} times as fast in the long run.` : `Momentum is ${number(1 / times)} times as fast in the long run.`;
}

function told(data, at, [heavy, look]) {
  const parts = [heavy, look].map(taken);
  const behaves = [heavy, look].map((one) => `${one.name} ${one.regime} (each step leaves ${number(one.pace)} of the distance)`);
  const asked = parts.map((part) => (part ? pair(part.asked) : "a point out of sight"));
  const step = at.step === 0
    ? "The first step has no last move to be carried by, so both take the same."
    : `After step ${at.step} each is carried on by ${number(heavy.mu)} of its last move. Momentum takes the slope where it stands, at ${asked[0]}; Nesterov where it is carried, at ${asked[1]}.`;
  return `With learning rate ${number(data.rates[at.rate] / data.curvatures[1])} and momentum ${number(heavy.mu)}, ${behaves.join("; ")}. ${verdict(heavy, look)} ${step}`;
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.methods.momentum.w[0][0].length - 2;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "The walks of momentum and of Nesterov through one bowl, with one step of each taken apart");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const stiff = data.curvatures[1];
  const rate = slider({ name: `Learning rate × ${stiff}`, max: data.rates.length - 1, onInput: (index) => state.set({ rate: index }) });
  const mu = slider({ name: "Momentum", max: data.momenta.length - 1, onInput: (index) => state.set({ mu: index }) });
  const steps = slider({ name: "Step", max: last, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { rate: html("b"), mu: html("b"), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  const knob = (name, input, value) => html("div", { class: "knob" }, html("span", {}, name), input, value);
  let s = null;

  function draw() {
    const at = state.get();
    const chosen = NAMES.map((name) => chosenOf(data, name, at));
    moving.replaceChildren(...s.columns.map((where, i) => column(data, chosen[i], where, at)));
    [rate.value, mu.value, steps.value] = [at.rate, at.mu, at.step];
    shown.rate.textContent = number(data.rates[at.rate]);
    shown.mu.textContent = number(data.momenta[at.mu]);
    shown.step.textContent = `${at.step}`;
    rate.setAttribute("aria-valuetext", `${number(data.rates[at.rate])}, a learning rate of ${number(data.rates[at.rate] / stiff)}`);
    mu.setAttribute("aria-valuetext", number(data.momenta[at.mu]));
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(data, at, chosen);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s, (i, j) => state.set({ rate: i, mu: j })));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last });
  root.classList.add("course-explorer-body");
  root.replaceChildren(
    knob(`learning rate × ${stiff}`, rate, shown.rate),
    knob("momentum", mu, shown.mu),
    picture,
    html("p", { class: "legend" }, LEGEND),
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step, ` of ${last}`)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
