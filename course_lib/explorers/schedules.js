// A schedule and, below it over the same steps, what it does to a descent. Everything drawn comes from the data; this
// file only scales and words it. State: `descent`, `shape`, `setting` and `peak` are indices.
import { choice, fitted, guardKeys, html, number, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, points, unpackedSeries } from "./plane.js";

const LEFT = 46;
const POWERS = { "-2": "0.01", "-1": "0.1", 0: "1", 1: "10", 2: "100" };

/** The data as a list of runs for each descent, by shape, setting and peak: `{ share, loss, owed, end, dead }`. */
function opened(data) {
  const descents = data.descents.map((descent) => {
    const [shares, losses] = [descent.share, descent.loss].map(unpackedSeries);
    const owed = descent.owed ? unpackedSeries(descent.owed) : [];
    const ends = [...descent.ends];
    const dead = descent.dead ? [...descent.dead] : [];
    const runs = data.shapes.map((shape, i) => shape.settings.slice(0, descent.offered[i]).map(() => {
      const planned = shape.name !== "plateau"; // whose rates are the same share of any peak
      const together = planned ? shares.shift() : null;
      return descent.peaks.map(() => ({
        share: together || shares.shift(),
        loss: losses.shift(),
        owed: planned && descent.owed ? [owed.shift(), owed.shift()] : [],
        end: ends.shift(),
        dead: dead.shift(),
      }));
    }));
    return { ...descent, runs };
  });
  return { ...data, descents };
}

function scales(descent, width) {
  const across = { left: LEFT, width: width - LEFT - 12 };
  const steps = [0, descent.steps];
  const tall = Math.round(Math.min(240, Math.max(200, width * 0.4)));
  return {
    rate: box({ ...across, view: [steps, [0, 1.08]], top: 22, height: 84 }),
    loss: box({ ...across, view: [steps, descent.view], top: 138, height: tall }),
    width,
    height: 138 + tall + 40,
  };
}

function backdrop(descent, s) {
  const steps = [0, descent.steps / 2, descent.steps].map((step) => [step, `${step}`]);
  const powers = Object.entries(POWERS).map(([power, text]) => [Number(power), text]).filter(([power]) => power > descent.view[0] && power < descent.view[1]);
  return [
    ...frame(s.rate, { y: [[0, "0"], [1, "peak"]], yLabel: "learning rate" }),
    ...frame(s.loss, { x: steps, y: powers, xLabel: "step", yLabel: "loss" }),
  ];
}

/** Everything about the run that the controls point at. */
function chosenOf(data, { descent, shape, setting, peak }) {
  const here = data.descents[descent];
  const kind = data.shapes[shape];
  const run = here.runs[shape][setting][peak];
  return {
    ...{ here, kind, run, setting: kind.settings[setting], peak: here.peaks[peak], ink: data.regimes[run.end] },
    constant: shape ? here.runs[0][0][peak] : null,
    planned: kind.name !== "plateau",
  };
}

const last = (values) => values[values.length - 1];

function lines({ here, run, constant }, s) {
  const line = (name, pairs, box) => svg("polyline", { points: points(pairs.map(box.at)), class: `path of-${name}`, "data-drawn": name });
  const over = (values) => values.map((value, i) => [here.seen[i], value]);
  const owed = run.owed.map((values, i) => line(["start", "noise"][i], over(values), s.loss));
  return [
    clipped(s.rate, line("rate", run.share.map((value, t) => [t, value]), s.rate)),
    clipped(s.loss, ...(constant ? [line("constant", over(constant.loss), s.loss)] : []), ...owed, line("walk", over(run.loss), s.loss)),
  ];
}

/** The ways in which a run can end, as sentences. */
const SAYS = {
  "owes the start": "Most of what is left is the start: it has not walked far enough.",
  "owes the noise": "Most of what is left is noise that it had no time to settle.",
  "owes both alike": "Neither debt dwarfs the other.",
  "looks and decides": "When it cuts depends on the noise, so its debts are not known in advance.",
  "lost its units": "A unit that no digit wakes gets no gradient and stays as it is.",
  "has far to go": "It learns, and is not done.",
  "has learned": "It has learned the digits.",
};

function told(data, chosen) {
  const { kind, run, peak, here, constant } = chosen;
  const which = `${kind.name[0].toUpperCase()}${kind.name.slice(1)}${kind.asks ? ` (${kind.asks}: ${number(chosen.setting)})` : ""}, peak ${number(peak)}`;
  const beside = constant ? `; at a constant ${number(peak)} it would be ${number(10 ** last(constant.loss))}` : "";
  if (run.dead !== undefined) {
    const units = `${run.dead} of ${data.units} hidden units answer to no digit any more`;
    return `${which}: after ${here.steps} steps the loss on test digits is ${number(10 ** last(run.loss))}${beside}. ${units}. ${SAYS[run.end]}`;
  }
  const debts = run.owed.map((values) => number(10 ** last(values)));
  const expected = debts.length ? ` To be expected are ${debts[0]} of the start and ${debts[1]} of noise.` : "";
  return `${which}: this walk ends with a loss of ${number(10 ** last(run.loss))}${beside}.${expected} ${SAYS[run.end]}`;
}

const KEY = [
  ["walk", "ink", "solid", "the loss"],
  ["constant", "muted", "solid", "the same at a constant rate"],
  ["start", "blue", "dashed", "expected: left of the start"],
  ["noise", "orange", "dotted", "expected: put in by noise"],
];

/** What the lines mean that are drawn for this run. */
function keyed({ run, constant }) {
  const owed = run.owed.length > 0;
  const drawn = { walk: true, constant: constant !== null, start: owed, noise: owed };
  return KEY.filter(([name]) => drawn[name])
    .map(([, ink, way, text]) => html("span", { style: `--zone:var(--course-${ink});--line:${way}` }, text));
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "A learning rate over the steps, and the loss of a descent that follows it");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const descents = choice("Descent", data.descents.map((one) => one.title), (descent) => state.set({ descent, setting: 0, peak: data.descents[descent].first }));
  const shapes = choice("Schedule", data.shapes.map((one) => one.name), (shape) => state.set({ shape, setting: 0 }));
  const asked = data.shapes.map((shape) => choice(shape.asks || "No setting", shape.settings.map(number), (setting) => state.set({ setting })));
  const peaks = slider({ name: "Peak rate", max: 1, onInput: (peak) => state.set({ peak }) });
  const shown = { peak: html("b"), loss: html("b"), beside: html("b"), zone: html("b", { class: "zone-name" }) };
  const [question, key] = [html("div", { class: "asked" }), html("div", { class: "key" })];
  const live = html("p", { class: "told", "aria-live": "polite" });
  let [s, room, laid] = [null, 0, null];

  function lay(width) {
    [room, laid] = [width, state.get().descent];
    const descent = data.descents[laid];
    s = scales(descent, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(descent, s));
    peaks.max = descent.peaks.length - 1;
    draw();
  }

  function draw() {
    const at = state.get();
    if (laid !== at.descent) return lay(room);
    const chosen = chosenOf(data, at);
    root.style.setProperty("--now", `var(--course-${chosen.ink})`);
    moving.replaceChildren(...lines(chosen, s));
    key.replaceChildren(...keyed(chosen));
    peaks.value = at.peak;
    peaks.setAttribute("aria-valuetext", `${number(chosen.peak)}, ${chosen.run.end}`);
    shown.peak.textContent = number(chosen.peak);
    shown.loss.textContent = number(10 ** last(chosen.run.loss));
    shown.beside.textContent = number(10 ** last((chosen.constant || chosen.run).loss));
    shown.zone.textContent = chosen.run.end;
    descents.show(at.descent);
    shapes.show(at.shape);
    asked[at.shape].show(at.setting);
    [...asked[at.shape].row.children].forEach((button, i) => { button.hidden = i >= chosen.here.offered[at.shape]; });
    if (question.dataset.shape !== `${at.shape}`) {
      question.dataset.shape = at.shape;
      question.replaceChildren(html("span", {}, chosen.kind.asks || "no setting but its rate"), chosen.kind.asks ? asked[at.shape].row : "");
    }
    live.textContent = desc.textContent = told(data, chosen);
    return undefined;
  }

  const state = stateOf(model, root, () => draw());
  shapes.row.classList.add("shapes");
  root.classList.add("course-explorer-body", "course-mapped", "course-schedules");
  root.replaceChildren(
    descents.row,
    shapes.row,
    question,
    html("label", { class: "walk" }, html("span", {}, "peak rate"), peaks),
    readout([["peak", shown.peak], ["ends at", shown.loss], ["constant ends at", shown.beside], ["so it", shown.zone]]),
    picture,
    key,
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget];
  return () => ends.forEach((end) => end());
}
