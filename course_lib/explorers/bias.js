// Adam's bias correction: above, both averages of the same gradients; below, the step they make. Dashed lines are without
// the correction. Everything drawn comes from the data; this file only scales and words it.
// State: `beta1`, `beta2` indices, `step` from 1.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, points, upright } from "./plane.js";

const LEFT = 40;
const RIGHT = 8;
const AVERAGES = [0, 1.85];
const DECADES = [-2, 2];
const percent = (share) => `${number(Number((100 * share).toPrecision(2)))} %`;

/** The two boxes that share their steps. */
function scales(data, width) {
  const across = { left: LEFT, width: width - LEFT - RIGHT };
  const steps = [0, data.gradients.length + 1];
  const tall = Math.round(Math.min(190, Math.max(150, width * 0.32)));
  const above = box({ ...across, view: [steps, AVERAGES], top: 24, height: tall });
  const below = box({ ...across, view: [steps, DECADES], top: tall + 62, height: tall - 20 });
  return { above, below, width, height: 2 * tall + 88 };
}

const series = (values, s) => values.map((value, i) => [s.x(i + 1), s.y(value)]);

/** What no slider moves: frames, the gradients, the length that a step should have. */
function backdrop(data, s) {
  const ticks = [1, 20, 40, 60].filter((step) => step <= data.gradients.length);
  const tens = DECADES.map((power) => [power, number(10 ** power)]);
  const dots = series(data.gradients, s.above).map(([cx, cy]) => svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 2, class: "drawn-gradient" }));
  return [
    ...frame(s.above, { y: [0, 1], yLabel: "gradients (dots) and their averages" }),
    ...dots,
    ...frame(s.below, { x: ticks, y: [...tens, [0, "1"]], xLabel: "step", yLabel: "length of the step, in units of lr" }),
    svg("path", { d: `M${s.below.left},${s.below.y(0)}h${s.below.width}`, class: "grid" }),
  ];
}

const LINES = [
  ["above", "mean", "mean raw"],
  ["above", "mean_hat", "mean"],
  ["above", "root", "square raw"],
  ["above", "root_hat", "square"],
  ["below", "uncorrected", "step raw"],
  ["below", "corrected", "step"],
];

/** The six lines, in their boxes, and the chosen step. */
function lines(chosen, s) {
  const line = ([place, name, kind]) => {
    return svg("polyline", { points: points(series(chosen[name], s[place])), class: `path ${kind}`, "data-drawn": name });
  };
  const within = (place) => clipped(s[place], ...LINES.filter(([where]) => where === place).map(line));
  const x = s.below.x(chosen.step);
  const at = (name) => s.below.y(chosen[name][chosen.step - 1]);
  return [
    within("above"),
    within("below"),
    svg("path", { d: upright(x, [s.above, s.below]), class: "drop" }),
    svg("path", { d: `M${x},${at("corrected")}V${at("uncorrected")}`, class: "gap" }),
    svg("circle", { cx: x, cy: at("uncorrected"), r: 6, class: "now" }),
  ];
}

/** Everything about the betas and the step that the controls point at. */
function chosenOf(data, { beta1, beta2, step }) {
  const pair = (name) => data[name][beta1][beta2];
  const [corrected, uncorrected] = [pair("corrected"), pair("uncorrected")];
  const factors = uncorrected.map((power, i) => 10 ** (power - corrected[i]));
  const factor = factors[step - 1];
  const worst = factors.reduce((far, f, i) => (Math.abs(Math.log(f)) > Math.abs(Math.log(factors[far])) + 1e-3 ? i : far), 0);
  const zone = factor > data.close ? "too long" : factor < 1 / data.close ? "too short" : "about right";
  return {
    step,
    corrected,
    uncorrected,
    mean: data.mean[beta1],
    mean_hat: data.mean_hat[beta1],
    root: data.root[beta2],
    root_hat: data.root_hat[beta2],
    betas: [data.beta1[beta1], data.beta2[beta2]],
    held: [data.mean[beta1][step - 1] / data.mean_hat[beta1][step - 1], (data.root[beta2][step - 1] / data.root_hat[beta2][step - 1]) ** 2],
    factor,
    worst: { step: worst + 1, factor: factors[worst] },
    lasts: pair("lasts"),
    zone,
    ink: data.regimes[zone],
  };
}

function told(chosen) {
  const times = (factor) => `${number(factor)} times as long as it should be`;
  const worst = chosen.lasts === 0 ? "No step would be far off." : `Of these steps, number ${chosen.worst.step} would be the worst, ${times(chosen.worst.factor)}; the last that is not about right is number ${chosen.lasts}.`;
  return [
    `After ${chosen.step} ${chosen.step === 1 ? "step" : "steps"}, m has collected ${percent(chosen.held[0])} of its weight and v ${percent(chosen.held[1])}.`,
    `Without the correction, this step would be ${times(chosen.factor)}: ${chosen.zone}.`,
    worst,
  ].join(" ");
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.gradients.length;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Adam's two averages and its steps, with and without the bias correction");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const beta1 = slider({ name: "Beta 1", max: data.beta1.length - 1, onInput: (index) => state.set({ beta1: index }) });
  const beta2 = slider({ name: "Beta 2", max: data.beta2.length - 1, onInput: (index) => state.set({ beta2: index }) });
  const steps = slider({ name: "Step", min: 1, max: last, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { beta1: html("b"), beta2: html("b"), factor: html("b"), zone: html("b", { class: "zone-name" }), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    moving.replaceChildren(...lines(chosen, s));
    [beta1.value, beta2.value, steps.value] = [at.beta1, at.beta2, at.step];
    [shown.beta1.textContent, shown.beta2.textContent] = chosen.betas.map(String);
    shown.factor.textContent = `× ${number(chosen.factor)}`;
    shown.zone.textContent = chosen.zone;
    shown.step.textContent = `${at.step}`;
    beta1.setAttribute("aria-valuetext", `${chosen.betas[0]}, ${chosen.zone}`);
    beta2.setAttribute("aria-valuetext", `${chosen.betas[1]}, ${chosen.zone}`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(chosen);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 1, last, pause: 160 });
  const key = [["blue", "m, mean of the gradients"], ["orange", "√v, their root mean square"], ["green", "step; all dashed without correction"]];
  root.classList.add("course-explorer-body", "course-mapped", "bias-body");
  root.replaceChildren(
    readout([["β₁", shown.beta1], ["β₂", shown.beta2], ["uncorrected", shown.factor], ["so that step is", shown.zone]]),
    html("div", { class: "walk" }, html("span", {}, "β₁, of m"), beta1),
    html("div", { class: "walk" }, html("span", {}, "β₂, of v"), beta2),
    picture,
    html("div", { class: "key" }, ...key.map(([ink, text]) => html("span", { style: `--zone:var(--course-${ink})` }, text))),
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step, ` of ${last}`)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
