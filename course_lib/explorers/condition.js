// Condition number and learning rate: the path over the level lines of a bowl, the map of all bowls and rates, and the two
// multipliers. Everything drawn comes from the data; this file only scales and words it.
// State: `condition` and `lr` are indices, `step` counts from 0.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, sheet, twoBoxes, walk } from "./plane.js";

const LEFT = 36;
const ROW = 48; // pixels for each multiplier
const REACH = 1.4; // of the axis of multipliers
const fraction = (log) => (log < 0 ? `1/${2 ** -log}` : `${2 ** log}`);

/** The path's box, the map's and the multipliers': side by side where there is room, else one under another. */
function scales(data, width) {
  const rates = data.log_lr;
  const cells = [[rates[0] - 0.15, rates[rates.length - 1] + 0.15], [-0.5, data.condition.length - 0.5]];
  const [plane, map] = twoBoxes(width, [data.view, cells], { left: LEFT, low: 24 * data.condition.length });
  const floor = map.top + map.height + 62;
  const axis = box({ view: [[-REACH, REACH], [0, 1]], left: LEFT, top: floor, width: width - LEFT - 8, height: 2 * ROW });
  return { plane, map, axis, width, height: floor + 2 * ROW + 24 };
}

/** What no slider moves: frames, and the zones of every bowl's rates. */
function backdrop(data, s) {
  const rows = data.condition.map((kappa, i) => [i, `${kappa}`]);
  const rates = [-8, -6, -4, -2, 0].map((log) => [log, fraction(log)]);
  return [
    ...frame(s.plane, { x: [-2, 0, 2], y: [-2, 0, 2], xLabel: "flat direction", yLabel: "stiff direction" }),
    ...frame(s.map, { x: rates, y: rows, xLabel: "learning rate η", yLabel: "condition number κ" }),
    ...data.zones.flatMap((zones, row) => zones.map((zone) => stretch(data, zone, row, s.map))),
    ...data.best.map((rate, row) => diamond(...s.map.at([data.log_lr[rate], row]))),
    ...multiplierAxis(s.axis),
  ];
}

/** One zone of one bowl: it ends half way to the next rate, so a zone of a single rate is a mark of its own. */
function stretch(data, { name, first, last }, row, s) {
  const rates = data.log_lr;
  const middle = (i, j) => s.x((rates[i] + (rates[j] ?? rates[i])) / 2);
  const [from, to] = [first ? middle(first, first - 1) : s.left, last < rates.length - 1 ? middle(last, last + 1) : s.left + s.width];
  const wide = Math.max(3, to - from);
  const x = (from + to - wide) / 2;
  const [top, tall] = [s.y(row + 0.42), s.y(row - 0.42) - s.y(row + 0.42)];
  const style = `fill:var(--course-${data.regimes[name]})`;
  return svg("rect", { x: x.toFixed(1), y: top.toFixed(1), width: wide.toFixed(1), height: tall.toFixed(1), class: "zone-of-bowl", style });
}

const diamond = (x, y) => svg("path", { d: `M${x},${y - 4.5}l4.5,4.5l-4.5,4.5l-4.5,-4.5z`, class: "best" });

function multiplierAxis(s) {
  const ticks = [-1, 0, 1].map((r) => svg("text", { x: s.x(r), y: s.top + s.height + 15, class: "tick middle" }, number(r)));
  return [...ticks, svg("text", { x: s.left, y: s.top - 6, class: "tick" }, "what a step multiplies distances by")];
}

/** A multiplier on its axis with what it does; one beyond the axis is a triangle at its end. */
function multiplier(r, label, row, s) {
  const y = s.top + ROW * (row + 0.76);
  const x = s.x(Math.max(-REACH, Math.min(REACH, r)));
  const beyond = `M${x},${y}l8,-6v12z`;
  const mark = r < -REACH ? svg("path", { d: beyond, class: "now" }) : svg("circle", { cx: x.toFixed(2), cy: y, r: 6, class: "now" });
  return [
    svg("rect", { x: s.x(-1), y: y - 9, width: s.x(1) - s.x(-1), height: 18, class: "band" }),
    svg("line", { x1: s.x(0), x2: s.x(0), y1: y - 9, y2: y + 9, class: "axis" }),
    svg("line", { x1: s.x(0), x2: x, y1: y, y2: y, class: "reach" }),
    mark,
    svg("text", { x: s.left, y: y - 14, class: "tick said" }, label),
  ];
}

/** The ellipses of equal height. */
function levels(axes, s) {
  const [cx, cy] = s.at([0, 0]);
  return axes.map(([a, b]) => svg("ellipse", { cx, cy, rx: s.x(a) - cx, ry: cy - s.y(b), class: "level" }));
}

/** Everything about the run that the controls point at. */
function chosenOf(data, { condition, lr }) {
  const zone = data.zones[condition].find(({ first, last }) => first <= lr && lr <= last);
  const [flat, stiff] = data.walk[condition][lr].map((which) => data.coordinate[which]);
  const best = data.best[condition];
  return {
    kappa: data.condition[condition],
    lr: data.lr[lr],
    path: flat.slice(0, stiff.length).map((x, t) => [x, stiff[t]]),
    multipliers: data.multiplier[condition][lr],
    does: [data.flat[lr], zone.name],
    tenfold: data.tenfold[condition][lr],
    best: { lr: data.lr[best], tenfold: data.tenfold[condition][best], here: best === lr },
    ink: data.regimes[zone.name],
  };
}

const steps = (count) => (Math.ceil(count) === 1 ? "1 step" : `${Math.ceil(count)} steps`);

/** How long it will take, and how long it would at the best rate. */
function forecast({ tenfold, best, does }) {
  if (tenfold === null) return does[1] === "diverges" ? "The stiff direction has the veto: the run diverges." : "So the run never comes closer.";
  if (best.here) return `Both are equally fast: ${steps(tenfold)} to come ten times closer, and no rate does better on this bowl.`;
  return `The slower sets the pace: ${steps(tenfold)} to come ten times closer. The best rate, ${number(best.lr)}, takes ${steps(best.tenfold)}.`;
}

function told(chosen, step) {
  const [flat, stiff] = chosen.multipliers;
  const at = chosen.path[step];
  const place = at ? `At step ${step} it stands at (${number(at[0])}, ${number(at[1])}).` : `At step ${step} it has left the picture far behind.`;
  return `Each step multiplies the flat direction by ${number(flat)}: it ${chosen.does[0]}. The stiff one, by ${number(stiff)}: it ${chosen.does[1]}. ${forecast(chosen)} ${place}`;
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.coordinate[0].length - 1;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A path over the level lines of a bowl, the map of condition numbers and learning rates, and two multipliers");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const bowl = slider({ name: "Condition number", max: data.condition.length - 1, onInput: (condition) => state.set({ condition }) });
  const rate = slider({ name: "Learning rate", max: data.lr.length - 1, onInput: (lr) => state.set({ lr }) });
  const time = slider({ name: "Step", max: last, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { kappa: html("b"), lr: html("b"), tenfold: html("b"), zone: html("b", { class: "zone-name" }), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  const jump = (text, find) => {
    const button = html("button", { type: "button", class: "course-button" }, text);
    button.addEventListener("click", () => state.set({ lr: find(state.get().condition) }));
    return button;
  };
  const single = (name) => (condition) => data.zones[condition].find((zone) => zone.name === name).first;
  const jumps = [jump("1/κ", single("lands in one step")), jump("best", (condition) => data.best[condition]), jump("2/κ", single("bounces forever"))];

  /** Where the map was touched: the nearest bowl and rate. */
  function choose([log, row]) {
    const near = (values, value) => values.reduce((best, v, i) => (Math.abs(v - value) < Math.abs(values[best] - value) ? i : best), 0);
    state.set({ condition: near([...data.condition.keys()], row), lr: near(data.log_lr, log) });
  }

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    const { plane, map, axis } = s;
    const label = (name, h, i) => `${name}, h = ${h}: ×${number(chosen.multipliers[i])}, ${chosen.does[i]}`;
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    const [cx, cy] = map.at([data.log_lr[at.lr], at.condition]);
    moving.replaceChildren(
      clipped(plane, ...levels(data.levels[at.condition], plane), walk(chosen.path, plane, { step: at.step })),
      svg("circle", { cx: cx.toFixed(2), cy: cy.toFixed(2), r: 8, class: "here" }),
      ...multiplier(chosen.multipliers[0], label("flat", 1, 0), 0, axis),
      ...multiplier(chosen.multipliers[1], label("stiff", chosen.kappa, 1), 1, axis),
      sheet(map, choose),
    );
    [bowl.value, rate.value, time.value] = [at.condition, at.lr, at.step];
    shown.kappa.textContent = number(chosen.kappa);
    shown.lr.textContent = number(chosen.lr);
    shown.tenfold.textContent = chosen.tenfold === null ? "∞" : `${Math.ceil(chosen.tenfold)}`;
    shown.zone.textContent = chosen.does[1];
    shown.step.textContent = `${at.step}`;
    bowl.setAttribute("aria-valuetext", `${chosen.kappa}`);
    rate.setAttribute("aria-valuetext", `${number(chosen.lr)}, the stiff direction ${chosen.does[1]}`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(chosen, at.step);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last });
  const key = Object.entries(data.regimes).map(([name, ink]) => html("span", { style: `--zone:var(--course-${ink})` }, name));
  root.classList.add("course-explorer-body", "course-mapped", "course-condition");
  root.replaceChildren(
    readout([["condition κ", shown.kappa], ["rate η", shown.lr], ["steps to a tenth", shown.tenfold], ["stiff direction", shown.zone]]),
    html("div", { class: "walk" }, html("span", {}, "condition κ"), bowl),
    html("div", { class: "walk wraps" }, html("span", {}, "rate η"), rate, html("div", { class: "jumps" }, ...jumps)),
    picture,
    html("div", { class: "key", "aria-hidden": "true" }, ...key, html("span", { class: "key-best" }, "best rate")),
    html("div", { class: "walk" }, play.button, time, html("span", {}, "step ", shown.step, ` of ${last}`)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
