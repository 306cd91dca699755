// Effective rates: the gradients of two weights, and below them, over the same steps, what Adagrad and RMSprop multiply
// them by. Everything drawn comes from the data; this file only scales and words it.
// State: `pair` and `alpha` are indices, `step` counts from 1.
import { choice, fitted, guardKeys, html, number, player, readout, slider, stateOf, svg, unique } from "./base.js";
import { box, clipped, frame, unpacked, upright, walk } from "./plane.js";

const LEFT = 46;
const VIEW = [-2.3, 2.6]; // powers of ten
const POWERS = [-2, -1, 0, 1, 2];
const STEMS = 26; // pixels
const RULES = ["Adagrad", "RMSprop"];
const WEIGHTS = ["first", "second"];

const cut = (values, size) => Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));

/** The data with its packed numbers opened: a list of logarithms for each weight. */
function opened(data) {
  const pairs = data.pairs.map((pair) => {
    const rmsprop = cut(cut(unpacked(pair.rmsprop), data.steps), 2);
    return { ...pair, adagrad: cut(unpacked(pair.adagrad), data.steps), rmsprop };
  });
  return { ...data, pairs };
}

/** Two rows for gradients, and the box of the rates under them. */
function scales(data, width) {
  const across = { left: LEFT, width: width - LEFT - 8 };
  const steps = [0, data.steps + 1];
  const rows = [0, 1].map((row) => box({ ...across, view: [steps, [0, 1]], top: 20 + row * (STEMS + 24), height: STEMS }));
  const top = 20 + 2 * (STEMS + 24) + 8;
  const tall = Math.round(Math.min(260, Math.max(210, width * 0.45)));
  return { rows, rates: box({ ...across, view: [steps, VIEW], top, height: tall }), width, height: top + tall + 42 };
}

/** What no slider moves but the choice of a pair does: the gradients, each row in units of its largest, and the frames. */
function backdrop(data, pair, s) {
  const ticks = [1, 40, 80, 120].filter((step) => step <= data.steps);
  const rows = pair.gradients.flatMap((values, i) => {
    const largest = Math.max(...values);
    const label = `gradients of the ${pair.names[i]} one, up to ${number(largest)}`;
    const stem = (value, t) => (value ? `M${s.rows[i].x(t + 1).toFixed(1)},${s.rows[i].y(0)}V${s.rows[i].y(Math.max(0.08, value / largest)).toFixed(1)}` : "");
    return [
      svg("text", { x: LEFT, y: s.rows[i].top - 5, class: "tick" }, label),
      svg("path", { d: values.map(stem).join(""), class: "stems" }),
    ];
  });
  const powers = POWERS.map((p) => [p, number(10 ** p)]);
  return [...rows, ...frame(s.rates, { x: ticks, y: powers, xLabel: "step", yLabel: "rate, where lr = 1" })];
}

/** The four lines in the order of the rules, each the logarithms of the first weight's rate and of the second's. */
const linesOf = (pair, { alpha }) => [pair.adagrad, pair.rmsprop[alpha]];

function drawn(lines, step, s) {
  const each = lines.flatMap((rule, r) =>
    rule.map((logs, i) => {
      const path = logs.map((log, t) => [t + 1, log]);
      const line = walk(path, s.rates, { name: `${RULES[r]}, ${WEIGHTS[i]}`, kind: `rule-${r} ${WEIGHTS[i]}`, dots: false });
      const [cx, cy] = s.rates.at(path[step - 1]);
      return svg("g", { class: `rule-${r}` }, line, svg("circle", { cx: cx.toFixed(2), cy: cy.toFixed(2), r: 5.5, class: `now ${WEIGHTS[i]}` }));
    }),
  );
  const x = s.rates.x(step);
  const now = svg("path", { d: upright(x, [...s.rows, s.rates]), class: "past" });
  return [now, clipped(s.rates, ...each)];
}

const ratesAt = (rule, step) => rule.map((logs) => 10 ** logs[step - 1]);
const times = (a, b) => (Math.abs(a / b - 1) < 0.005 ? "the same" : a > b ? `${number(a / b)} times as large` : `${number(b / a)} times smaller`);

function told(data, pair, lines, { alpha, step }) {
  const seen = pair.gradients.map((values) => values.slice(0, step).filter((value) => value !== 0).length);
  const [first, second] = pair.names;
  const compare = lines.map((rule, r) => {
    const [a, b] = ratesAt(rule, step);
    return `${RULES[r]} gives the ${first} weight ${number(a)}; the ${second} one's rate is ${times(b, a)}.`;
  });
  const count = `After step ${step} the ${first} weight has seen ${seen[0]} gradients and the ${second} one ${seen[1]}.`;
  return `${count} ${compare.join(" ")} RMSprop's window is ${number(data.window[alpha])} steps. ${pair.says[alpha]}`;
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Gradients of two weights, and the rates that Adagrad and RMSprop give them at every step");
  const desc = svg("desc", { id: descId });
  const [still, moving] = [svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving);
  const pairs = choice("Gradients", data.pairs.map((pair) => pair.title), (pair) => state.set({ pair }));
  const alphas = slider({ name: "Alpha", max: data.alpha.length - 1, onInput: (alpha) => state.set({ alpha }) });
  const steps = slider({ name: "Step", min: 1, max: data.steps, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { alpha: html("b"), window: html("b"), rules: [html("b", { class: "rule-0" }), html("b", { class: "rule-1" })], step: html("span") };
  const key = html("div", { class: "key" });
  const live = html("p", { class: "told", "aria-live": "polite" });
  let [s, room, laid] = [null, 0, null];

  function lay(width) {
    [room, laid] = [width, state.get().pair];
    const pair = data.pairs[laid];
    s = scales(data, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(data, pair, s));
    const entries = RULES.flatMap((rule, r) => pair.names.map((name, i) => {
      const style = `--zone:var(--course-${["orange", "blue"][r]})`;
      return html("span", { class: WEIGHTS[i], style }, `${rule}, ${name}`);
    }));
    key.replaceChildren(...entries);
    draw();
  }

  function draw() {
    const at = state.get();
    if (laid !== at.pair) return lay(room);
    const pair = data.pairs[at.pair];
    const lines = linesOf(pair, at);
    moving.replaceChildren(...drawn(lines, at.step, s));
    [alphas.value, steps.value] = [at.alpha, at.step];
    shown.alpha.textContent = number(data.alpha[at.alpha]);
    shown.window.textContent = number(data.window[at.alpha]);
    lines.forEach((rule, r) => { shown.rules[r].textContent = ratesAt(rule, at.step).map(number).join(" | "); });
    shown.step.textContent = `${at.step}`;
    alphas.setAttribute("aria-valuetext", `${number(data.alpha[at.alpha])}, window ${number(data.window[at.alpha])}`);
    pairs.show(at.pair);
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(data, pair, lines, at);
    return undefined;
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 1, last: data.steps, pause: 110 });
  root.classList.add("course-explorer-body", "course-rates");
  root.replaceChildren(
    pairs.row,
    readout([["share α that stays", shown.alpha], ["window", shown.window], ["Adagrad's rates", shown.rules[0]], ["RMSprop's rates", shown.rules[1]]]),
    picture,
    key,
    html("label", { class: "walk" }, html("span", {}, "α of RMSprop"), alphas),
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step)),
    live,
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
