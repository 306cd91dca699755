// Two dimensions: level lines, the walk over them, values over time. Python computed the numbers; here they get places.
import { number, svg } from "./base.js";

export const points = (pairs) => pairs.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");

/** One iterate: `since` is 0 for the newest, positive for steps to come. */
export function dot(cx, cy, since) {
  const kind = since === 0 ? "now" : since > 0 ? "dot ahead" : "dot";
  return svg("circle", { cx: cx.toFixed(2), cy: cy.toFixed(2), r: since === 0 ? 6 : 3.5, class: kind });
}

/** The marks with the newest last, on top. */
export function inOrder(marks, newest) {
  return newest < 0 ? marks : [...marks.slice(0, newest), ...marks.slice(newest + 1), marks[newest]];
}

/**
 * Where values fall in a box of the drawing. `view` is [[x low, x high], [y low, y high]]; for a logarithmic axis both
 * the view and the values are logarithms already.
 */
export function box({ view, left, top, width, height }) {
  const [[x0, x1], [y0, y1]] = view;
  const [sx, sy] = [width / (x1 - x0), -height / (y1 - y0)];
  const x = (value) => left + (value - x0) * sx;
  const y = (value) => top + height + (value - y0) * sy;
  const scale = JSON.stringify([x(0), sx, y(0), sy]);
  const inside = ([a, b]) => a >= x0 && a <= x1 && b >= y0 && b <= y1;
  return { view, left, top, width, height, x, y, scale, inside, at: ([a, b]) => [x(a), y(b)] };
}

/** A line at `x` through each of the `boxes`, which crosses no label between them. */
export const upright = (x, boxes) => boxes.map(({ top, height }) => `M${x},${top}V${top + height}`).join("");

/**
 * Two boxes of one width for `views`: squares side by side where there is room, else a square with the other, `low` pixels
 * high, under it.
 */
export function twoBoxes(width, views, { left, low }) {
  const gap = 62;
  const wide = width >= 520;
  const side = wide ? (width - left - gap - 16) / 2 : width - left - 8;
  const [first, second] = [{ left, top: 24 }, wide ? { left: left + side + gap, top: 24 } : { left, top: side + 82 }];
  return [
    box({ view: views[0], ...first, width: side, height: side }),
    box({ view: views[1], ...second, width: side, height: wide ? side : low }),
  ];
}

/** A group that shows nothing beyond the box `s`; tests read the box's scale from it. */
export function clipped(s, ...children) {
  const { left: x, top: y, width, height } = s;
  return svg("svg", { x, y, width, height, viewBox: `${x} ${y} ${width} ${height}`, "data-scale": s.scale }, ...children);
}

/** A sheet nobody sees over the box `s`: a click on it calls `choose` with the place in the units of the axes. */
export function sheet(s, choose) {
  const { left: x, top: y, width, height, view } = s;
  const cover = svg("rect", { x, y, width, height, class: "sheet" });
  cover.addEventListener("click", (event) => {
    const room = cover.getBoundingClientRect();
    const [across, up] = [(event.clientX - room.left) / room.width, 1 - (event.clientY - room.top) / room.height];
    choose([across, up].map((share, i) => view[i][0] + share * (view[i][1] - view[i][0])));
  });
  return cover;
}

/** Level lines: `levels` is a list of lines for each level, a line being a list of points. */
export function levelLines(levels, s) {
  const line = (pairs) => `M${points(pairs.map(s.at)).replaceAll(" ", "L")}`;
  return levels.map((lines) => svg("path", { d: lines.map(line).join(""), class: "level" }));
}

/** The numbers that `packed` of plane.py made small; what was too large, or none, is null. */
export function unpacked({ most, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return Array.from(new Int16Array(bytes.buffer), (whole) => (whole === -32768 ? null : (whole / 32767) * most));
}

/** The series that `packed_series` of plane.py made small, a list of numbers each. */
export function unpackedSeries({ finest, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  let at = 0;
  const next = () => {
    let [value, place] = [0, 1];
    for (; bytes[at] > 127; at += 1, place *= 128) value += (bytes[at] - 128) * place;
    return value + bytes[at++] * place;
  };
  const found = [];
  while (at < bytes.length) {
    let whole = 0;
    const moved = (move) => (whole += move % 2 ? -(move + 1) / 2 : move / 2) * finest;
    found.push(Array.from({ length: next() }, () => moved(next())));
  }
  return found;
}

/** The points of a path that can be drawn: up to the first that left the picture for good. */
function drawable(path, s) {
  const far = ([[x0, x1], [y0, y1]], [a, b]) =>
    a === null || b === null || Math.abs(a - x0) > 50 * (x1 - x0) || Math.abs(b - y0) > 50 * (y1 - y0);
  const end = path.findIndex((at) => far(s.view, at));
  return end < 0 ? path : path.slice(0, end);
}

/**
 * The iterates `path` (a list of points) joined by a line. `step` is the newest; without it all are equal. `name` is
 * how tests find the line, `kind` a class for its colour.
 */
export function walk(path, s, { step = null, name = "path", kind = "", dots = true } = {}) {
  const near = drawable(path, s).map(s.at);
  const line = svg("polyline", { points: points(near), class: `path ${kind}`, "data-drawn": name });
  if (!dots) return svg("g", { class: kind }, line);
  const marks = near.map(([x, y], t) => dot(x, y, step === null ? -1 : t - step));
  return svg("g", { class: kind }, line, ...inOrder(marks, step !== null && step < marks.length ? step : -1));
}

/** The frame of a box with ticks: `x` and `y` are lists of values, or of [value, label]. */
export function frame(s, { x = [], y = [], xLabel = "", yLabel = "" } = {}) {
  const pair = (tick) => (Array.isArray(tick) ? tick : [tick, number(tick)]);
  const [right, floor] = [s.left + s.width, s.top + s.height];
  const across = x.map(pair).map(([v, text]) => svg("text", { x: s.x(v), y: floor + 17, class: "tick middle" }, text));
  const up = y.map(pair).map(([v, text]) => svg("text", { x: s.left - 7, y: s.y(v) + 4, class: "tick end" }, text));
  return [
    svg("rect", { x: s.left, y: s.top, width: s.width, height: s.height, class: "frame" }),
    ...across,
    ...up,
    svg("text", { x: right, y: floor + 33, class: "tick end" }, xLabel),
    svg("text", { x: s.left, y: s.top - 7, class: "tick" }, yLabel),
  ];
}
