// A saddle and a valley, walked by three rules from several starts: the path over level lines, and the loss beside it.
// Everything drawn comes from the data; this file only scales and words it. State: `surface`, `rule`, `start`, `lr`, all
// indices, and `step`, an index of the steps that are drawn.
import { choice, fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, levelLines, unpacked, walk } from "./plane.js";

const SIDE = 520; // pixels from which map and loss stand side by side
const LOSSES = [-6, -4, -2, 0, 2]; // powers of ten on the axis

/** The data with its packed numbers opened: one path of [x, y] and one list of log losses for each run. */
function opened(data) {
  const cut = (values, size) => Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
  const surfaces = data.surfaces.map((one) => {
    const steps = one.steps.length;
    return { ...one, points: cut(cut(unpacked(one.points), 2), steps), loss: cut(unpacked(one.loss), steps) };
  });
  return { ...data, surfaces };
}

const along = (surface, step) => (surface.log_steps ? Math.log10(1 + step) : step);

function scales(surface, width) {
  const side = width >= SIDE;
  const wide = side ? Math.round(width * 0.52) : width;
  const last = along(surface, surface.steps.at(-1));
  const map = box({ view: surface.view, left: 34, top: 24, width: wide - 44, height: side ? 260 : 270 });
  const over = side ? { left: wide + 36, top: 24, width: width - wide - 52 } : { left: 44, top: 372, width: width - 60 };
  const loss = box({ view: [[0, last], [LOSSES[0], 3]], height: side ? 260 : 150, ...over });
  return { map, loss, width, height: side ? 330 : 560 };
}

function backdrop(surface, s) {
  const [[x0, x1], [y0, y1]] = surface.view;
  const whole = (low, high) => [-2, -1, 0, 1, 2].filter((value) => value >= low && value <= high);
  const last = surface.steps.at(-1);
  const steps = surface.log_steps ? [0, 10, 100, 1000] : [0, last / 2, last];
  const power = (p) => [p, p === 0 ? "1" : p === 2 ? "100" : `10${"⁻²⁴⁶"[0]}${"⁰²⁴⁶"[-p / 2]}`];
  const crosses = surface.minima.map(([x, y]) => {
    const [cx, cy] = s.map.at([x, y]);
    return svg("path", { d: `M${cx - 5},${cy - 5}l10,10m0,-10l-10,10`, class: "minimum" });
  });
  return [
    ...frame(s.map, { x: whole(x0, x1), y: whole(y0, y1), xLabel: "x", yLabel: "y" }),
    clipped(s.map, ...levelLines(surface.levels, s.map), ...crosses),
    ...frame(s.loss, { x: steps.map((t) => [along(surface, t), `${t}`]), y: LOSSES.map(power), xLabel: "step", yLabel: "loss" }),
  ];
}

/** The run that the controls point at. */
function chosenOf(data, { surface, rule, start, lr, step }) {
  const here = data.surfaces[surface];
  const index = (start * here.lr.length + lr) * data.rules.length + rule;
  return {
    surface: here,
    rule: data.rules[rule],
    start: here.starts[start],
    lr: here.lr[lr],
    points: here.points[index],
    loss: here.loss[index],
    left: here.left[index],
    arrived: here.arrived[index],
    growth: here.growth[lr][rule],
    step,
  };
}

const lossOf = (log) => (log <= -8 ? "less than 10⁻⁸" : number(10 ** log));

function happens({ surface, start, left, arrived, growth, points }) {
  const gone = points.some(([x]) => x === null);
  const last = surface.steps.at(-1);
  const ends = arrived === null ? `After ${last} steps it has not arrived.` : `The loss is down to 0.001 at step ${arrived}.`;
  if (surface.name === "saddle") {
    const pull = `On the saddle each step multiplies the distance from the ridge by ${number(growth)}.`;
    if (start === "on the ridge") return `${pull} On the ridge that distance is 0, and it stays there for ever.`;
    return left === null ? `${pull} After ${last} steps that is not yet enough to leave.` : `${pull} It leaves at step ${left}. ${ends}`;
  }
  if (gone) return "The walls are too steep up there for this learning rate: it flies out of the picture.";
  const bend = left === null ? "It does not come round the bend." : left < 2 ? "" : `It is round the bend at step ${left}.`;
  return `${bend} ${ends} Close to the minimum each step leaves ${growth.toFixed(4)} of the distance.`.trim();
}

function told(chosen) {
  const [x, y] = chosen.points[chosen.step];
  const at = x === null ? `At step ${chosen.surface.steps[chosen.step]} it is far away.` : `At step ${chosen.surface.steps[chosen.step]} it is at (${number(x)}, ${number(y)}), with loss ${lossOf(chosen.loss[chosen.step])}.`;
  return `${happens(chosen)} ${at}`;
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const last = data.surfaces[0].steps.length - 1;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Level lines of a surface with the path of an optimizer, and its loss at every step");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const surfaces = choice("Surface", data.surfaces.map((one) => (one.name === "saddle" ? "two wells and a saddle" : "Rosenbrock's valley")), (surface) => {
    play.stop();
    state.set({ surface, step: last });
  });
  const rules = choice("Rule", data.rules.map((one) => one.name), (rule) => state.set({ rule }));
  const starts = slider({ name: "Start", max: data.surfaces[0].starts.length - 1, onInput: (start) => state.set({ start }) });
  const rate = slider({ name: "Learning rate", max: data.surfaces[0].lr.length - 1, onInput: (lr) => state.set({ lr }) });
  const steps = slider({ name: "Step", max: last, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { lr: html("b"), start: html("b"), left: html("b"), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;
  let room = 0;
  let laid = null;

  function lay(width) {
    const { surface } = state.get();
    room = width;
    laid = surface;
    s = scales(data.surfaces[surface], width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data.surfaces[surface], s));
    draw();
  }

  function draw() {
    const at = state.get();
    if (laid !== at.surface) return lay(room);
    const chosen = chosenOf(data, at);
    root.style.setProperty("--now", `var(--course-${chosen.rule.ink})`);
    const loss = chosen.loss.map((value, i) => [along(chosen.surface, chosen.surface.steps[i]), value]);
    moving.replaceChildren(
      clipped(s.map, walk(chosen.points, s.map, { name: "walk", step: at.step })),
      clipped(s.loss, walk(loss, s.loss, { name: "loss", step: at.step })),
    );
    [starts.value, rate.value, steps.value] = [at.start, at.lr, at.step];
    shown.lr.textContent = number(chosen.lr);
    shown.start.textContent = chosen.start;
    shown.left.textContent = chosen.left === null ? "never" : `step ${chosen.left}`;
    shown.step.textContent = `${chosen.surface.steps[at.step]}`;
    starts.setAttribute("aria-valuetext", chosen.start);
    rate.setAttribute("aria-valuetext", number(chosen.lr));
    steps.setAttribute("aria-valuetext", `step ${chosen.surface.steps[at.step]}`);
    surfaces.show(at.surface);
    rules.show(at.rule);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(chosen);
    return undefined;
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last, pause: 90 });
  root.classList.add("course-explorer-body", "course-terrain");
  root.replaceChildren(
    surfaces.row,
    rules.row,
    readout([["start", shown.start], ["learning rate", shown.lr], ["past saddle or bend", shown.left]]),
    picture,
    html("label", { class: "walk" }, html("span", {}, "start"), starts),
    html("label", { class: "walk" }, html("span", {}, "learning rate"), rate),
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
