// A weight that sees only noise, and its decay: in the gradient, where Adam divides it, and on the weight itself (AdamW).
// Everything drawn comes from the data; this file only scales and words it. State: `noise`, `decay` indices.
import { fitted, guardKeys, html, number, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, points } from "./plane.js";

const LEFT = 40;
const VIEW = [0, 1.15];
const EQUAL = 0.005; // lines that differ by less cannot be told apart

const series = (values, data, s) => values.map((value, i) => [s.x(data.steps[i]), s.y(value)]);

/** The penalised weight at every size of noise, faint; the chosen lines over them. */
function lines(data, chosen, s) {
  const line = (values, kind, name = null) => svg("polyline", { points: points(series(values, data, s)), class: `path ${kind}`, "data-drawn": name });
  return clipped(
    s,
    ...chosen.fan.map((values) => line(values, "fan")),
    line(chosen.alone, "alone", "decay alone"),
    line(chosen.paths.L2, "penalty", "L2"),
    line(chosen.paths.AdamW, "decoupled", "AdamW"),
  );
}

/** Everything about the noise and the decay that the controls point at. */
function chosenOf(data, { noise, decay }) {
  const each = (table) => Object.fromEntries(Object.entries(table).map(([rule, values]) => [rule, values[decay][noise]]));
  const verdicts = each(data.verdicts);
  return {
    noise: data.noise[noise],
    decay: data.decay[decay],
    alone: data.alone[decay],
    fan: data.rules.L2[decay],
    paths: each(data.rules),
    verdicts,
    same: data.spread.AdamW[decay] < EQUAL,
    ink: data.regimes[verdicts.L2],
  };
}

function told(chosen) {
  const end = (values) => values[values.length - 1].toFixed(2);
  const same = chosen.same ? " The noise's size makes no difference to it." : "";
  return [
    `With gradients of size ${number(chosen.noise)} and a decay of ${number(chosen.decay)}, the decay alone would leave ${end(chosen.alone)} of the weight.`,
    `As a penalty in the gradient it leaves ${end(chosen.paths.L2)}: it ${chosen.verdicts.L2}.`,
    `AdamW leaves ${end(chosen.paths.AdamW)}, and ${chosen.verdicts.AdamW}.${same}`,
  ].join(" ");
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.steps[data.steps.length - 1];
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A weight in noise, decayed through Adam's division and beside it");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const noise = slider({ name: "Noise", max: data.noise.length - 1, onInput: (index) => state.set({ noise: index }) });
  const decay = slider({ name: "Decay", max: data.decay.length - 1, onInput: (index) => state.set({ decay: index }) });
  const shown = { noise: html("b"), decay: html("b"), left: html("b"), zone: html("b", { class: "zone-name" }) };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    moving.replaceChildren(lines(data, chosen, s));
    [noise.value, decay.value] = [at.noise, at.decay];
    shown.noise.textContent = number(chosen.noise);
    shown.decay.textContent = number(chosen.decay);
    shown.left.textContent = chosen.paths.L2[chosen.paths.L2.length - 1].toFixed(2);
    shown.zone.textContent = chosen.verdicts.L2;
    noise.setAttribute("aria-valuetext", `${number(chosen.noise)}, ${chosen.verdicts.L2}`);
    decay.setAttribute("aria-valuetext", `${number(chosen.decay)}, ${chosen.verdicts.L2}`);
    live.textContent = desc.textContent = told(chosen);
  }

  function lay(width) {
    const height = Math.round(Math.min(260, Math.max(200, width * 0.42)));
    s = box({ view: [[0, last], VIEW], left: LEFT, top: 24, width: width - LEFT - 20, height });
    picture.setAttribute("viewBox", `0 0 ${width} ${height + 66}`);
    still.replaceChildren(...frame(s, { x: [0, last / 2, last].map((t) => [t, `${t}`]), y: [0, 0.5, 1], xLabel: "step", yLabel: "weight" }));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const key = [["purple", "Adam with L2 (thin: at other sizes of noise)"], ["blue", "AdamW"], ["ink", "decay alone, dotted"]];
  root.classList.add("course-explorer-body", "course-mapped", "decay-body");
  root.replaceChildren(
    readout([["noise", shown.noise], ["weight decay", shown.decay], ["L2 leaves", shown.left], ["so the penalised weight", shown.zone]]),
    html("div", { class: "walk" }, html("span", {}, "noise"), noise),
    html("div", { class: "walk" }, html("span", {}, "decay"), decay),
    picture,
    html("div", { class: "key" }, ...key.map(([ink, text]) => html("span", { style: `--zone:var(--course-${ink})` }, text))),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget];
  return () => ends.forEach((end) => end());
}
