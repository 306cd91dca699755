// The map of learning rate and momentum, and the path that the chosen point takes. Everything drawn comes from the
// data; this file only scales and words it. State: `lr` and `momentum`, indices; `bowl`, which of the maps.
import { choice, fitted, guardKeys, html, number, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, points, unpacked, walk } from "./plane.js";

const SIDE = 520; // pixels from which map and path stand side by side
const KAPPAS = [4, 16, 64, 256]; // whose best points are marked along the edge of the zigzags

/** The data with its packed numbers as rows: `[momentum][lr]`, and for paths `[momentum][lr][step]`. */
function opened(data) {
  const rows = (values, size) => Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
  const table = (packed) => rows(unpacked(packed), data.lr.length);
  const path = (direction) => rows(rows(unpacked(direction.x), data.steps + 1), data.lr.length);
  const directions = data.directions.map((one) => {
    return { ...one, pace: table(one.pace), swing: table(one.swing), measured: table(one.measured), x: path(one) };
  });
  return { ...data, directions };
}

/** The map and, beside or below it, the picture of the path over steps. */
function scales(data, width) {
  const side = width >= SIDE;
  const wide = side ? Math.round(width * 0.56) : width;
  const map = box({ view: data.view, left: 40, top: 24, width: wide - 52, height: side ? 250 : 230 });
  const over = side ? { left: wide + 30, top: 24, width: width - wide - 42 } : { left: 40, top: 332, width: width - 52 };
  const path = box({ view: [[0, data.steps], [-1.5 * data.start, 1.5 * data.start]], height: side ? 250 : 150, ...over });
  return { map, path, width, height: side ? 320 : 520 };
}

/** The regions of one map in their inks, paler where a path is slower, with lines of equal pace. */
function landscape(bowl, s) {
  const line = (pairs) => `M${points(pairs.map(s.at)).replaceAll(" ", "L")}Z`;
  const all = `M${s.left},${s.top}h${s.width}v${s.height}h${-s.width}Z`;
  const regions = bowl.regions.map(({ ring, ink }) => svg("path", { d: line(ring), class: "region", style: `--zone:var(--course-${ink})` }));
  const washes = bowl.levels.map(({ ring }) => svg("path", { d: all + line(ring), class: "wash" }));
  const levels = bowl.levels.flatMap(({ pace, ring }) => {
    const top = ring.filter(([, y]) => Math.abs(y - pace) < 0.002).map(([x]) => x);
    const [x, y] = s.at([0.3 * Math.min(...top) + 0.7 * Math.max(...top), pace]);
    const label = pace > 0.9 ? "" : svg("text", { x, y: y + 4, class: "tick middle" }, number(pace)); // no room above
    return [svg("path", { d: line(ring), class: "level" }), label];
  });
  return [...regions.slice(0, -1), ...washes, regions.at(-1), ...levels, ...marks(bowl, s)];
}

/** The best point of the map, and on its edge those of other condition numbers. */
function marks(bowl, s) {
  const star = s.at(bowl.best);
  const best = [
    svg("circle", { cx: star[0].toFixed(1), cy: star[1].toFixed(1), r: 4.5, class: "best" }),
    svg("text", { x: star[0] - 9, y: star[1] + (bowl.directions > 1 ? 4 : -10), class: "tick end best-name" }, "best"),
  ];
  if (bowl.directions > 1) return best;
  const others = KAPPAS.flatMap((kappa) => {
    const height = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
    const [x, y] = s.at([1 + height, height]);
    return [
      svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: 2.5, class: "other" }),
      svg("text", { x: x - 6, y: y + 4, class: "tick end" }, kappa === KAPPAS[0] ? `best for κ = ${kappa}` : `${kappa}`),
    ];
  });
  return [...best, ...others];
}

/** Names of the regions, at places that leave room on a phone. */
function names(bowl, s) {
  const two = bowl.directions > 1;
  const places = two ? [[0.25, 0.3], [0.55, 0.84], [1.5, 0.22], [1.6, 0.3]] : [[0.1, 0.25], [0.8, 0.6], [1.03, 0.06], [1.55, 0.3]];
  return bowl.regions.map(({ name, ink }, i) => {
    if (two && i === 2) return ""; // too narrow for its name
    const [x, y] = s.at(places[i]);
    return svg("text", { x, y, class: "region-name", style: `--zone:var(--course-${ink})` }, name);
  });
}

/** What the chosen point does in each direction of the chosen bowl; `slow` is the one that sets the pace. */
function chosenOf(data, { lr, momentum, bowl }) {
  const pick = (one) => ({
    name: one.name,
    curvature: one.curvature,
    x: one.x[momentum][lr],
    pace: one.pace[momentum][lr],
    swing: one.swing[momentum][lr],
    measured: one.measured[momentum][lr],
    ...{ regime: data.regimes[one.regime[momentum][lr]].name, ink: data.regimes[one.regime[momentum][lr]].ink },
  });
  const directions = data.directions.slice(0, data.bowls[bowl].directions).map(pick);
  const slow = directions.reduce((a, b) => (b.pace > a.pace + 1e-3 ? b : a));
  return { directions, slow, lr: data.lr[lr], momentum: data.momentum[momentum], at: [data.at.x[lr], data.at.y[momentum]] };
}

/** Position over steps, one line for each direction, and what the pace predicts on both sides of 0. */
function overTime(chosen, data, s) {
  const hull = [1, -1].map((sign) => {
    const line = [...Array(data.steps + 1).keys()].map((t) => s.at([t, sign * Math.min(99, data.start * chosen.slow.pace ** t)]));
    return svg("polyline", { points: points(line), class: "hull" });
  });
  const lines = chosen.directions.map(({ name, x, ink }) => {
    const line = walk(x.map((value, t) => [t, value]), s, { name, kind: name });
    line.setAttribute("style", `--now:var(--course-${ink})`);
    return line;
  });
  return clipped(s, svg("line", { x1: s.x(0), x2: s.x(data.steps), y1: s.y(0), y2: s.y(0), class: "grid" }), ...hull, ...lines);
}

const tenfold = (pace) => Math.log(10) / Math.abs(Math.log(pace));

/** What one direction does, in words. */
function does({ regime, swing }) {
  if (regime === "rings in") return `rings in, a full swing every ${number(swing)} steps`;
  if (regime === "zigzags in") return "zigzags in, changing sides at every step";
  if (regime === "walks in") return "walks in from one side";
  return regime;
}

function told(chosen) {
  const { slow, directions } = chosen;
  const each = directions.length > 1 ? directions.map((one) => `The ${one.name} direction ${does(one)}.`).join(" ") : `x ${does(slow)}.`;
  const tie = directions.length > 1 && directions.every((one) => Math.abs(one.pace - slow.pace) < 1e-3) && directions[0].regime !== directions[1].regime;
  const leads = tie ? "They tie: neither waits for the other. " : directions.length > 1 && directions.some((one) => one.pace < slow.pace - 1e-3) ? `The ${slow.name} one sets the pace. ` : "";
  if (slow.regime === "diverges") return `${each} ${leads}Predicted: each step multiplies the distance by ${number(slow.pace)}; measured: ${number(slow.measured)}.`;
  if (slow.regime === "lands in one step") return `${each} Both multipliers are 0.`;
  if (slow.regime === "bounces forever") return `${each} ${leads}One multiplier is −1: neither closer nor farther.`;
  const root = slow.regime === "rings in" ? `, the root of the momentum, whatever the learning rate` : "";
  return `${each} ${leads}Predicted: each step leaves ${number(slow.pace)} of the distance${root}, so ten times closer takes ${number(tenfold(slow.pace))} steps. Measured over a long run: ${number(slow.measured)}.`;
}

/** The setting whose place on the map is nearest to a point of the drawing. */
function nearest(data, s, [px, py]) {
  const closest = (places, to) => places.reduce((found, place, i) => (Math.abs(to(place)) < Math.abs(to(places[found])) ? i : found), 0);
  return { lr: closest(data.at.x, (x) => s.x(x) - px), momentum: closest(data.at.y, (y) => s.y(y) - py) };
}

/** Choosing on the map: a tap or a click anywhere, dragging with a mouse anywhere, with a finger by the point. */
function pointing(picture, surface, handle, choose) {
  const at = (event) => {
    const [frameBox, view] = [picture.getBoundingClientRect(), picture.viewBox.baseVal];
    const scale = view.width / frameBox.width;
    return [(event.clientX - frameBox.left) * scale, (event.clientY - frameBox.top) * scale];
  };
  surface.addEventListener("click", (event) => choose(at(event)));
  for (const target of [surface, handle]) {
    target.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" && target === surface) return; // that finger may be scrolling the page
      target.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    target.addEventListener("pointermove", (event) => {
      if (target.hasPointerCapture(event.pointerId)) choose(at(event));
    });
  }
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A map of learning rate and momentum with the regions of what paths do, and the path of the chosen point");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const surface = svg("rect", { class: "surface" });
  const handle = svg("circle", { class: "handle", r: 9 });
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving, surface, handle);
  const rate = slider({ name: "Learning rate", max: data.lr.length - 1, onInput: (lr) => state.set({ lr }) });
  const mass = slider({ name: "Momentum", max: data.momentum.length - 1, onInput: (momentum) => state.set({ momentum }) });
  const bowls = choice("Bowl", data.bowls.map((one) => one.name), (bowl) => state.set({ bowl }));
  const shown = { lr: html("b"), momentum: html("b"), pace: html("b"), zone: html("b", { class: "zone-name" }) };
  const live = html("p", { class: "told", "aria-live": "polite" });
  let s = null;
  let laid = null;

  function backdrop(bowl) {
    still.replaceChildren(
      ...frame(s.map, { x: data.ticks.x, y: data.ticks.y, xLabel: "learning rate", yLabel: "momentum" }),
      clipped(s.map, ...landscape(data.bowls[bowl], s.map), ...names(data.bowls[bowl], s.map)),
      ...frame(s.path, { x: [0, data.steps / 2, data.steps], y: [-data.start, 0, data.start], xLabel: "step", yLabel: data.bowls[bowl].directions > 1 ? "x: full line steep, dashed flat" : "x" }),
    );
    laid = bowl;
  }

  function draw() {
    const at = state.get();
    const chosen = chosenOf(data, at);
    if (laid !== at.bowl) backdrop(at.bowl);
    root.style.setProperty("--now", `var(--course-${chosen.slow.ink})`);
    moving.replaceChildren(overTime(chosen, data, s.path));
    const [cx, cy] = s.map.at(chosen.at);
    handle.setAttribute("cx", cx.toFixed(2));
    handle.setAttribute("cy", cy.toFixed(2));
    [rate.value, mass.value] = [at.lr, at.momentum];
    shown.lr.textContent = number(chosen.lr);
    shown.momentum.textContent = number(chosen.momentum);
    shown.pace.textContent = number(chosen.slow.pace);
    shown.zone.textContent = chosen.slow.regime;
    rate.setAttribute("aria-valuetext", `${number(chosen.lr)}, ${chosen.slow.regime}`);
    mass.setAttribute("aria-valuetext", `${number(chosen.momentum)}, ${chosen.slow.regime}`);
    bowls.show(at.bowl);
    live.textContent = desc.textContent = told(chosen);
  }

  function lay(width) {
    s = scales(data, width);
    laid = null;
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    for (const name of ["left", "top", "width", "height"]) {
      surface.setAttribute({ left: "x", top: "y" }[name] || name, s.map[name]);
    }
    draw();
  }

  const state = stateOf(model, root, () => draw());
  pointing(picture, surface, handle, (place) => state.set(nearest(data, s.map, place)));
  root.classList.add("course-explorer-body", "course-momentum");
  root.replaceChildren(
    bowls.row,
    readout([["learning rate", shown.lr], ["momentum", shown.momentum], ["pace", shown.pace], ["so it", shown.zone]]),
    picture,
    html("label", { class: "walk" }, html("span", {}, "learning rate"), rate),
    html("label", { class: "walk" }, html("span", {}, "momentum"), mass),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget];
  return () => ends.forEach((end) => end());
}
