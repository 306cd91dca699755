// Batch size and learning rate: a crooked path in the plane of slope and intercept, the map of both settings with what
// many runs make of them, and the loss over points read. Everything drawn comes from the data; this file scales and words.
// State: `batch` and `lr` are indices, `read` counts the slider's positions, `draw` says which of the runs is looked at.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, dot, frame, levelLines, points, sheet, twoBoxes, unpacked, walk } from "./plane.js";

const LEFT = 40;
const LOSS = 120; // pixels
const DECADES = [-5, 1.5]; // of the loss, as powers of 10
const fraction = (value) => (value < 1 ? `1/${Math.round(1 / value)}` : `${value}`);
const pairs = (flat) => flat.flatMap((a, i) => (i % 2 ? [] : [[a, flat[i + 1]]]));
const short = (loss) => (loss === null || loss > 99 ? "∞" : loss < 0.1 ? loss.toFixed(3) : loss.toPrecision(2));

/** The plane's box and the map's, side by side where there is room, and the loss below them. */
function scales(data, width) {
  const cells = [[-0.5, data.lr.length - 0.5], [-0.5, data.batch.length - 0.5]];
  const [plane, map] = twoBoxes(width, [data.view, cells], { left: LEFT, low: 34 * data.batch.length });
  const floor = map.top + map.height + 68;
  const loss = box({ view: [[0, data.read], DECADES], left: LEFT, top: floor, width: width - LEFT - 16, height: LOSS });
  return { plane, map, loss, width, height: floor + LOSS + 38 };
}

/** What no slider moves: frames, level lines, the map's cells. */
function backdrop(data, s) {
  const rates = data.lr.map((lr, i) => [i, fraction(lr)]);
  const sizes = data.batch.map((m, i) => [i, `${m}`]);
  const reads = [0, 0.25, 0.5, 0.75, 1].map((share) => data.read * share);
  const powers = [[-4, "10⁻⁴"], [-2, "0.01"], [0, "1"]];
  return [
    clipped(s.plane, ...levelLines(data.levels, s.plane)),
    ...frame(s.plane, { x: [0, 1, 2, 3], y: [-2, -1, 0, 1], xLabel: "slope a", yLabel: "intercept b" }),
    ...frame(s.map, { x: rates, y: sizes, xLabel: "learning rate η", yLabel: "batch size m (numbers: mean loss)" }),
    ...frame(s.loss, { x: reads, y: powers, xLabel: "points read", yLabel: "loss above the minimum, its floor dashed" }),
    ...data.batch.flatMap((_, row) => data.lr.map((_, column) => cell(data, row, column, s.map))),
  ];
}

/** A square of the map: its colour what many runs do there, its number the loss at which they end. */
function cell(data, row, column, s) {
  const { regime, loss } = data.outcome[row][column];
  const [x, y] = s.at([column - 0.47, row + 0.45]);
  const [width, height] = [s.x(column + 0.47) - x, s.y(row - 0.45) - y];
  const style = `--zone:var(--course-${data.regimes[regime].ink})`;
  return svg(
    "g",
    { class: "cell", style },
    svg("rect", { x: x.toFixed(1), y: y.toFixed(1), width: width.toFixed(1), height: height.toFixed(1), rx: 3 }),
    svg("text", { x: (x + width / 2).toFixed(1), y: (y + height / 2 + 4.5).toFixed(1), class: "middle" }, short(loss)),
  );
}

/** The square that the controls point at, and the others with the same rate per point. */
function marked(data, { batch, lr }, s) {
  const same = data.batch.flatMap((m, row) => data.lr.map((rate, column) => [row, column, rate / m]));
  const ratio = data.lr[lr] / data.batch[batch];
  return same.filter(([, , each]) => each === ratio).map(([row, column]) => {
    const [x, y] = s.at([column - 0.47, row + 0.45]);
    const kind = row === batch && column === lr ? "here" : "same";
    return svg("rect", { x, y, width: s.x(column + 0.47) - x, height: s.y(row - 0.45) - y, rx: 3, class: kind });
  });
}

/** The ellipse in which nine runs in ten end. */
function ball([cx, cy, a, b, angle], s) {
  const [x, y] = s.at([cx, cy]);
  const unit = s.x(1) - s.x(0);
  return svg("ellipse", { cx: x, cy: y, rx: a * unit, ry: b * unit, transform: `rotate(${-angle} ${x} ${y})`, class: "ball" });
}

/** Everything about the run that the controls point at. */
function chosenOf(data, { batch, lr, read, draw }) {
  const size = data.batch[batch];
  const every = Math.max(data.every, size);
  const logs = unpacked(data.loss[batch][lr][draw]);
  const outcome = data.outcome[batch][lr];
  const path = pairs(unpacked(data.path[batch][lr][draw]));
  const step = Math.floor((read * data.every) / size);
  return {
    size,
    lr: data.lr[lr],
    path,
    step,
    at: path[step],
    exact: pairs(unpacked(data.exact[lr])).slice(0, path.length),
    logs: logs.map((log, i) => [i * every, log]),
    log: logs[Math.floor((read * data.every) / every)],
    floor: data.floor[batch][lr],
    outcome,
    ...data.regimes[outcome.regime],
  };
}

/** The loss so far and to come, and the floor that was predicted. */
function lossLines(chosen, s) {
  const beyond = chosen.logs.findIndex(([, log]) => log === null);
  const line = chosen.logs.slice(0, beyond < 0 ? undefined : beyond).map(s.at);
  const [left, right, y] = [s.left, s.left + s.width, s.y(chosen.floor)];
  const floor = svg("line", { x1: left, x2: right, y1: y, y2: y, class: "floor" });
  const newest = [chosen.step * chosen.size, chosen.log];
  const now = chosen.log !== null && s.inside(newest) ? [dot(...s.at(newest), 0)] : []; // whole, at either end too
  return [clipped(s, floor, svg("polyline", { points: points(line), class: "path", "data-drawn": "loss" })), ...now];
}

function crooked(chosen, s) {
  const few = chosen.path.length <= 33;
  const now = few || chosen.at === undefined || chosen.at[0] === null ? [] : [dot(...s.at(chosen.at), 0)];
  return [walk(chosen.path, s, { dots: few, step: chosen.step }), ...now];
}

function told(data, chosen, { draw }) {
  const { size, step, log, outcome } = chosen;
  const read = step * size;
  const steps = step === 1 ? "1 step" : `${step} steps`;
  const loss = log === null ? "has left the picture" : `is ${number(10 ** log)} above the minimum`;
  const many = outcome.loss === null || outcome.loss > 99 ? "ever farther away" : `${number(outcome.loss)} above it`;
  return [
    `After ${read} points read, in ${steps} of ${size}, run ${draw + 1} ${loss}.`,
    `Many such runs end ${many} on average, nine in ten of them in the ellipse; the predicted floor is ${number(10 ** chosen.floor)}.`,
    chosen.says,
    `Gradient descent on all ${data.points} points would not have taken its first step.`,
  ].join(" ");
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.read / data.every;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A crooked path to the best line, a map of batch sizes and learning rates, and the loss over points read");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const sizes = slider({ name: "Batch size", max: data.batch.length - 1, onInput: (batch) => state.set({ batch }) });
  const rates = slider({ name: "Learning rate", max: data.lr.length - 1, onInput: (lr) => state.set({ lr }) });
  const time = slider({ name: "Points read", max: last, onInput: (read) => { play.stop(); state.set({ read }); } });
  const draws = data.path[0][0].length;
  const again = html("button", { type: "button", class: "course-button" }, "Deal anew");
  again.addEventListener("click", () => state.set({ draw: (state.get().draw + 1) % draws }));
  const shown = { size: html("b"), lr: html("b"), ratio: html("b"), zone: html("b", { class: "zone-name" }), read: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  const choose = ([lr, batch]) => {
    const within = (values, value) => Math.max(0, Math.min(values.length - 1, Math.round(value)));
    state.set({ batch: within(data.batch, batch), lr: within(data.lr, lr) });
  };

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    const exact = walk(chosen.exact, s.plane, { name: "exact", kind: "exact", dots: false });
    moving.replaceChildren(
      clipped(s.plane, ball(chosen.outcome.ellipse, s.plane), exact, ...crooked(chosen, s.plane)),
      ...marked(data, at, s.map),
      sheet(s.map, choose),
      ...lossLines(chosen, s.loss),
    );
    [sizes.value, rates.value, time.value] = [at.batch, at.lr, at.read];
    shown.size.textContent = `${chosen.size}`;
    shown.lr.textContent = fraction(chosen.lr);
    shown.ratio.textContent = fraction(chosen.lr / chosen.size);
    shown.zone.textContent = chosen.outcome.regime;
    shown.read.textContent = `${at.read * data.every}`;
    sizes.setAttribute("aria-valuetext", `${chosen.size} points`);
    rates.setAttribute("aria-valuetext", `${fraction(chosen.lr)}, ${chosen.outcome.regime}`);
    time.setAttribute("aria-valuetext", `${at.read * data.every} points read`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(data, chosen, at);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, s));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().read, set: (read) => state.set({ read }), first: 0, last, pause: 200 });
  const key = Object.entries(data.regimes).map(([name, { ink }]) => html("span", { style: `--zone:var(--course-${ink})` }, name));
  root.classList.add("course-explorer-body", "course-mapped", "course-noise");
  root.replaceChildren(
    readout([["batch size m", shown.size], ["rate η", shown.lr], ["η / m", shown.ratio], ["so the line is", shown.zone]]),
    html("div", { class: "walk" }, html("span", {}, "batch size m"), sizes),
    html("div", { class: "walk" }, html("span", {}, "rate η"), rates, again),
    picture,
    html("div", { class: "key", "aria-hidden": "true" }, ...key, html("span", { class: "key-exact" }, "exact gradient, as many steps")),
    html("div", { class: "walk" }, play.button, time, html("span", {}, shown.read, " points")),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
