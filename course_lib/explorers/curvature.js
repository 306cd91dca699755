// L-BFGS in a valley: its path, and at one of its points the ellipse of what its memory knows beside the Hessian's own.
// Everything drawn comes from the data; this file only scales and words it. State: `memory`, an index, and `step`.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { clipped, frame, levelLines, twoBoxes, unpacked, walk } from "./plane.js";

const LOSSES = [[-12, "10⁻¹²"], [-8, "10⁻⁸"], [-4, "10⁻⁴"], [0, "1"]];
const TURN = Array.from({ length: 41 }, (_, i) => (i * Math.PI) / 20);

const cut = (values, size) => Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));

/** The data with its packed numbers opened: points as [x, y], ellipses as their two half axes [[x, y], [x, y]]. */
function opened(data) {
  const pairs = (packed) => cut(unpacked(packed), 2);
  const runs = data.runs.map((one) => ({
    ...one,
    points: pairs(one.points),
    loss: unpacked(one.loss),
    model: cut(pairs(one.model), 2),
    hessian: cut(pairs(one.hessian), 2),
    jump: pairs(one.jump),
  }));
  return { ...data, runs };
}

function scales(data, width) {
  const [map, loss] = twoBoxes(width, [data.view, [[0, data.steps], [-12.5, 2.5]]], { left: 44, low: 150 });
  return { map, loss, width, height: loss.top + loss.height + 40 };
}

function backdrop(data, s) {
  const [x, y] = s.map.at(data.minimum);
  return [
    ...frame(s.map, { x: [-1, 0, 1], y: [0, 1, 2], xLabel: "x", yLabel: "y" }),
    clipped(s.map, ...levelLines(data.levels, s.map), svg("path", { d: `M${x - 5},${y - 5}l10,10m0,-10l-10,10`, class: "minimum" })),
    ...frame(s.loss, { x: [0, data.steps / 2, data.steps], y: LOSSES, xLabel: "step", yLabel: "loss" }),
  ];
}

/** The points of an ellipse about `at` with the half axes `u` and `v`. */
const ring = ([x, y], [u, v]) => TURN.map((a) => [x + Math.cos(a) * u[0] + Math.sin(a) * v[0], y + Math.cos(a) * u[1] + Math.sin(a) * v[1]]);

const known = (pair) => pair[0] !== null && pair[1] !== null;

function told(run, step) {
  const [x, y] = run.points[step];
  const log = run.loss[step];
  const loss = log <= -12 ? "less than 10⁻¹²" : number(10 ** log);
  const pairs = `${run.pairs[step]} pair${run.pairs[step] === 1 ? "" : "s"}`;
  const guess = run.pairs[step] ? `From ${pairs} the model is ${number(run.longer[step])} times as long as wide` : "No pair is known yet, and the model is a circle";
  const truth = run.truly[step] === null ? "the true curvature is negative in one direction, which the model never says" : `the Hessian's ellipse ${number(run.truly[step])} times`;
  const ends = run.arrived === null ? "This walk does not arrive." : `The loss is down to 10⁻⁸ at step ${run.arrived}.`;
  return `At step ${step} it is at (${number(x)}, ${number(y)}), with loss ${loss}. ${guess}; ${truth}. ${ends}`;
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Level lines of a valley with the path of L-BFGS and the ellipse of its model, and the loss at every step");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const memory = slider({ name: "Memory", max: data.memories.length - 1, onInput: (value) => state.set({ memory: value }) });
  const steps = slider({ name: "Step", max: data.steps, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { memory: html("b"), pairs: html("b"), arrived: html("b"), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  const key = html("div", { class: "key" }, html("span", { class: "model" }, "the model"), html("span", { class: "hessian" }, "the Hessian"), html("span", { class: "jump" }, "the model's jump"));
  let s = null;

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s));
    draw();
  }

  function draw() {
    const at = state.get();
    const run = data.runs[at.memory];
    const here = run.points[at.step];
    const line = (points, name) => walk(points, s.map, { name, kind: name, dots: false });
    const ellipses = ["model", "hessian"].filter((name) => run[name][at.step].every(known)).map((name) => line(ring(here, run[name][at.step]), name));
    const jump = known(run.jump[at.step]) ? [line([here, run.jump[at.step]], "jump")] : [];
    moving.replaceChildren(
      clipped(s.map, ...ellipses, walk(run.points, s.map, { name: "walk", step: at.step }), ...jump),
      clipped(s.loss, walk(run.loss.map((value, t) => [t, value]), s.loss, { name: "loss", step: at.step })),
    );
    const pairs = `${data.memories[at.memory]}`;
    [memory.value, steps.value] = [at.memory, at.step];
    shown.memory.textContent = pairs;
    shown.pairs.textContent = `${run.pairs[at.step]}`;
    shown.arrived.textContent = run.arrived === null ? "never" : `step ${run.arrived}`;
    shown.step.textContent = `${at.step}`;
    memory.setAttribute("aria-valuetext", `${pairs} pair${pairs === "1" ? "" : "s"}`);
    steps.setAttribute("aria-valuetext", `step ${at.step}`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(run, at.step);
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last: data.steps, pause: 160 });
  root.classList.add("course-explorer-body", "course-curvature");
  root.replaceChildren(
    readout([["memory", shown.memory], ["pairs known", shown.pairs], ["loss 10⁻⁸", shown.arrived]]),
    picture,
    key,
    html("label", { class: "walk" }, html("span", {}, "memory"), memory),
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
