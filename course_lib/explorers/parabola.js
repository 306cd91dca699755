// Gradient descent on a parabola: the curve with its steps, the same steps one under another, and a slider that is
// itself the map of learning rates. Everything drawn comes from the data; this file only scales and words it.
import { fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique, zoneMap } from "./base.js";
import { dot, inOrder, points } from "./plane.js";

const ROW = 13; // pixels between two steps in the lower picture
const LEFT = 36;
const RIGHT = 30;

/** Where values fall on the drawing; both pictures share the horizontal axis. */
function scales(data, width) {
  const [low, high] = data.view;
  const inner = width - LEFT - RIGHT;
  const tall = Math.round(Math.min(230, Math.max(170, width * 0.36)));
  const top = Math.max(...data.curve.y);
  return {
    width,
    tall,
    floor: tall + 6,
    height: tall + 46 + ROW * data.x[0].length,
    x: (value) => LEFT + ((value - low) / (high - low)) * inner,
    y: (value) => 6 + (1 - value / top) * tall,
    row: (step) => tall + 46 + ROW * (step + 0.2),
    inside: (value) => value !== null && value >= low && value <= high,
    // A value too large for JSON is null; it left the picture long before.
    clamp: (value) => Math.min(high + 0.07, Math.max(low - 0.07, value)),
  };
}

/** The axis between the pictures, the parabola above it, the step numbers below. */
function backdrop(data, s) {
  const ticks = [-2, -1, 0, 1, 2].map((x) =>
    svg("text", { x: s.x(x), y: s.floor + 18, class: "tick middle" }, number(x)),
  );
  const last = data.x[0].length - 1;
  const rows = [0, last / 2, last].map((t) => svg("text", { x: LEFT - 14, y: s.row(t) + 4, class: "tick end" }, `${t}`));
  const curve = data.curve.x.map((x, i) => [s.x(x), s.y(data.curve.y[i])]);
  return [
    svg("line", { x1: s.x(0), x2: s.x(0), y1: s.floor, y2: s.height, class: "grid" }),
    svg("line", { x1: LEFT, x2: s.width - RIGHT, y1: s.floor, y2: s.floor, class: "axis" }),
    svg("polyline", { points: points(curve), class: "curve" }),
    svg("text", { x: s.width - RIGHT + 8, y: s.floor + 4, class: "tick" }, "x"),
    svg("text", { x: 0, y: s.row(0) - 14, class: "tick" }, "step"),
    svg("text", { x: s.width - RIGHT + 16, y: s.row(0) - 14, class: "tick middle" }, "sign"),
    ...ticks,
    ...rows,
  ];
}

/** Points joined on the curve, steps to come in outline, the newest with its slope and the move that the slope causes. */
function onCurve(path, step, s) {
  const near = path.x.map((x, t) => ({ x, t })).filter(({ x }) => s.inside(x));
  const place = ({ x, t }) => [s.x(x), s.y(path.loss[t])];
  return [
    svg("polyline", { points: points(near.map(place)), class: "path", "data-drawn": "path" }),
    ...tangent(path, step, s),
    ...move(path, step, s),
    ...inOrder(near.map((at) => dot(...place(at), at.t - step)), near.findIndex(({ t }) => t === step)),
  ];
}

function tangent(path, step, s) {
  const [x, y, slope] = [path.x[step], path.loss[step], path.grad[step]];
  if (!s.inside(x)) return [];
  const reach = 0.42 / Math.hypot(1, slope / 9); // about as long on the page wherever it touches
  const ends = [-reach, reach].map((dx) => [s.x(x + dx), s.y(y + slope * dx)]);
  return [svg("polyline", { points: points(ends), class: "tangent" })];
}

/** Down to the axis, along it by lr × slope, up to the next point. */
function move(path, step, s) {
  const [x, next] = [path.x[step], path.x[step + 1]];
  if (!s.inside(x) || next === undefined || next === null || next === x) return [];
  const [from, to] = [s.x(x), s.x(s.clamp(next))];
  const tip = Math.sign(to - from) * Math.min(7, Math.abs(to - from));
  const head = [[to, s.floor], [to - tip, s.floor - 4], [to - tip, s.floor + 4]];
  return [
    svg("line", { x1: from, x2: from, y1: s.y(path.loss[step]), y2: s.floor, class: "drop" }),
    s.inside(next) ? svg("line", { x1: to, x2: to, y1: s.floor, y2: s.y(path.loss[step + 1]), class: "drop" }) : "",
    svg("line", { x1: from, x2: to - tip, y1: s.floor, y2: s.floor, class: "move" }),
    svg("polygon", { points: points(head), class: "head" }),
  ];
}

/** One row a step: where x is, and its sign. A point beyond the edge is a triangle at the edge. */
function overTime(path, step, s) {
  const line = path.x.map((x, t) => [s.x(s.clamp(x)), s.row(t)]);
  const marks = path.x.map((x, t) => (s.inside(x) ? dot(...line[t], t - step) : beyond(...line[t], x < 0 ? -8 : 8, t - step)));
  const signs = path.x.map((x, t) => {
    const kind = t > step ? "sign middle ahead" : "sign middle";
    return svg("text", { x: s.width - RIGHT + 16, y: line[t][1] + 4.5, class: kind }, x > 0 ? "+" : x < 0 ? "−" : "0");
  });
  return [svg("polyline", { points: points(line), class: "path" }), ...inOrder(marks, step), ...signs];
}

function beyond(x, y, out, since) {
  const kind = since === 0 ? "now" : since > 0 ? "dot ahead" : "dot";
  return svg("polygon", { points: points([[x + out, y], [x, y - 4.5], [x, y + 4.5]]), class: kind });
}

/** The zones of learning rates, and the limits between them, each a zone of a single rate. */
function mapOf(data, choose) {
  const last = data.lr.length - 1;
  const inked = (zone) => ({ ...zone, ink: data.regimes[zone.name].ink });
  const wide = data.zones.filter((zone) => zone.label === null).map(inked);
  const zones = wide.map((zone) => ({ ...zone, from: Math.max(0, zone.first - 1), to: Math.min(last, zone.last + 1) }));
  const limits = data.zones.filter((zone) => zone.label !== null).map((zone) => ({ ...inked(zone), at: zone.first }));
  return zoneMap({ zones, limits, last, choose });
}

/** The trajectory that the slider points at, with the factor it shows and the zone it lies in. */
function chosen(data, index) {
  const zone = data.zones.find(({ first, last }) => first <= index && index <= last);
  const [x, loss, grad] = [data.x[index], data.loss[index], data.grad[index]];
  return { lr: data.lr[index], x, loss, grad, factor: x[1] / x[0], zone: zone.name, ...data.regimes[zone.name] };
}

function told(path, step) {
  const [x, slope, next] = [path.x[step], path.grad[step], path.x[step + 1]];
  const start = `Each step multiplies x by ${number(path.factor)}. At step ${step}, x = ${number(x)} and the loss is ${number(path.loss[step])}.`;
  if (next === undefined) return `${path.says} ${start}`;
  if (next === x) return `${path.says} ${start} The slope is 0, so x stays.`;
  return `${path.says} ${start} The slope is ${number(slope)}, so x moves by −lr × slope = ${number(next - x)}, to ${number(next)}.`;
}

export function render({ model, el: root }) {
  const data = model.get("data");
  const last = data.x[0].length - 1;
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A parabola with the iterates of gradient descent, and below it x at every step");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const rate = slider({ name: "Learning rate", max: data.lr.length - 1, onInput: (lr) => state.set({ lr }) });
  const steps = slider({ name: "Step", max: last, onInput: (step) => { play.stop(); state.set({ step }); } });
  const map = mapOf(data, (lr) => state.set({ lr }));
  const shown = { lr: html("b"), factor: html("b"), zone: html("b", { class: "zone-name" }), step: html("span") };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;

  function draw() {
    const { lr, step } = state.get();
    const path = chosen(data, lr);
    root.style.setProperty("--now", `var(--course-${path.ink})`);
    const [above, below] = [onCurve(path, step, s), overTime(path, step, s)];
    moving.replaceChildren(svg("g", { class: "on-curve" }, ...above), svg("g", { class: "over-time" }, ...below));
    [rate.value, steps.value] = [lr, step];
    shown.lr.textContent = number(path.lr);
    shown.factor.textContent = number(path.factor);
    shown.zone.textContent = path.zone;
    shown.step.textContent = `${step}`;
    rate.setAttribute("aria-valuetext", `${number(path.lr)}, ${path.zone}`);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(path, step);
  }

  function lay(width) {
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    picture.dataset.scale = JSON.stringify([s.x(0), s.x(1) - s.x(0), s.y(0), s.y(1) - s.y(0)]);
    still.replaceChildren(...backdrop(data, s));
    draw();
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last });
  root.classList.add("course-explorer-body");
  root.replaceChildren(
    readout([["learning rate", shown.lr], ["multiplier", shown.factor], ["so x", shown.zone]]),
    html("div", { class: "map" }, map.zones, rate, map.limits),
    picture,
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step, ` of ${last}`)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
