// A race: every contestant's path over a surface and its loss, at its own rate times one factor for all. Everything
// drawn comes from the data; this file only scales, ranks and words it.
// State: `course`, `start`, `factor` and `step` are indices; `shown` is a list of them, the contestants that are drawn.
import { choice, fitted, guardKeys, html, number, player, slider, stateOf, svg, unique } from "./base.js";
import { clipped, frame, levelLines, points, sheet, twoBoxes, unpackedSeries } from "./plane.js";

const LOSSES = [-10, 3.4]; // powers of ten
const POWERS = [[2, "100"], [0, "1"], [-2, "10⁻²"], [-4, "10⁻⁴"], [-6, "10⁻⁶"], [-8, "10⁻⁸"], [-10, "10⁻¹⁰"]];
const MARKS = {
  circle: "M-4.5,0a4.5,4.5 0 1,0 9,0a4.5,4.5 0 1,0 -9,0z",
  square: "M-4,-4h8v8h-8z",
  triangle: "M0,-5.2l5,8.6h-10z",
  diamond: "M0,-5.8l5,5.8l-5,5.8l-5,-5.8z",
  cross: "M-1.6,-5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
};

/** The data with its packed series opened: for each course a list of runs, as `[x, y]` points and logarithms of losses. */
function opened(data) {
  const courses = data.courses.map((course) => {
    const [x, y, loss] = [course.x, course.y, course.loss].map(unpackedSeries);
    return { ...course, runs: x.map((values, run) => ({ path: values.map((value, i) => [value, y[run][i]]), loss: loss[run] })) };
  });
  return { ...data, courses };
}

const along = (step) => Math.log10(1 + step);

function scales(course, width) {
  const last = along(course.steps[course.steps.length - 1]);
  const [map, loss] = twoBoxes(width, [course.view, [[0, 1.02 * last], LOSSES]], { left: 46, low: 210 });
  return { map, loss, width, height: loss.top + loss.height + 42 };
}

function backdrop(course, s) {
  const whole = ([low, high]) => {
    const every = high - low > 8 ? 4 : high - low > 5 ? 2 : 1;
    return [-8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4].filter((value) => value >= low && value <= high && value % every === 0);
  };
  const last = course.steps[course.steps.length - 1];
  const steps = [0, 3, 10, 30, 100, 500].filter((step) => step <= last && (step === last || step < last / 2)).concat([3, 10, 30, 100, 500].includes(last) ? [] : [last]);
  const crosses = course.minima.map((at) => {
    const [x, y] = s.map.at(at);
    return svg("path", { d: `M${x - 5},${y - 5}l10,10m0,-10l-10,10`, class: "minimum" });
  });
  return [
    ...frame(s.map, { x: whole(course.view[0]), y: whole(course.view[1]), xLabel: course.axes[0], yLabel: course.axes[1] }),
    clipped(s.map, ...levelLines(course.levels, s.map), ...crosses),
    ...frame(s.loss, { x: steps.map((step) => [along(step), `${step}`]), y: POWERS, xLabel: "step", yLabel: "loss above the minimum" }),
  ];
}

/** Every contestant's run at the chosen factor from the chosen start; `at` is where it stands, null once it is lost. */
function fieldOf(data, { course, start, factor, step }) {
  const here = data.courses[course];
  const [starts, factors] = [here.starts.length, data.factors.length];
  return data.contestants.map((one, i) => {
    const run = here.runs[(i * starts + start) * factors + factor];
    const lost = run.loss.length <= step;
    const place = Math.min(step, run.loss.length - 1);
    return { ...one, i, run, lost, place, loss: lost ? Infinity : run.loss[step], lr: here.lr[i] * data.factors[factor] };
  });
}

function line(one, name, pairs, s) {
  return svg("polyline", { points: points(pairs.map(s.at)), class: "path", "stroke-dasharray": one.dash || null, "data-drawn": `${one.name}, ${name}` });
}

function mark(one, [x, y], out) {
  const place = `translate(${x.toFixed(2)} ${y.toFixed(2)})`;
  return out
    ? svg("path", { d: "M-4,-4l8,8m0,-8l-8,8", transform: place, class: "mark out" })
    : svg("path", { d: MARKS[one.mark], transform: place, class: "mark" });
}

/** The lines of the shown contestants up to the step, in both boxes; those not in front are faded while one is. */
function lines(course, field, step, front, s) {
  const upTo = (values) => values.slice(0, step + 1);
  const group = (one, ...children) => {
    const kind = front === null || front === one.i ? "" : "faded";
    return svg("g", { style: `--now:var(--course-${one.ink})`, class: kind }, ...children);
  };
  const on = (one, name, pairs, box) => {
    const head = pairs[pairs.length - 1];
    return group(one, line(one, name, pairs, box), mark(one, box.at(head), one.lost));
  };
  return [
    clipped(s.map, ...field.map((one) => on(one, "path", upTo(one.run.path), s.map))),
    clipped(s.loss, ...field.map((one) => on(one, "loss", upTo(one.run.loss).map((loss, i) => [along(course.steps[i]), loss]), s.loss))),
  ];
}

const lossOf = (log, least) => (log <= least ? "below 10⁻¹⁰" : number(10 ** log));

function listed(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

function told(data, course, field, { factor, step }) {
  const times = data.factors[factor];
  const which = times === 1 ? "At the rates they chose" : `At ${number(times)} times the rates they chose`;
  const steps = course.steps[step];
  const after = steps === 1 ? "after 1 step" : `after ${steps} steps`;
  if (!field.length) return `${which}, ${after}: nobody is shown. Choose contestants above.`;
  const running = field.filter((one) => !one.lost).sort((a, b) => a.loss - b.loss);
  const says = (one) => `${one.name} (${lossOf(one.loss, data.least)})`;
  const gone = field.filter((one) => one.lost).map((one) => one.name);
  const lost = gone.length ? ` Lost, far outside the picture: ${listed(gone)}.` : "";
  if (!running.length) return `${which}, ${after}, nobody is left.${lost}`;
  const next = running.slice(1, 3).map(says);
  const behind = running.length > 3 ? ` Last is ${says(running[running.length - 1])}.` : "";
  return `${which}, ${after} ${says(running[0])} is ahead${next.length ? `, then ${listed(next)}` : ""}.${behind}${lost}`;
}

/** A button that shows a contestant's lines or hides them; its face is the key and the score. */
function runner(one, toggle, front) {
  const swatch = svg("svg", { viewBox: "0 0 26 14", "aria-hidden": "true", "aria-label": "its line and mark" },
    svg("path", { d: "M0,7h26", class: "path", "stroke-dasharray": one.dash || null }), mark(one, [13, 7], false));
  const [score, rate] = [html("span"), html("span", { class: "rate" })];
  const button = html("button", { type: "button", class: "runner", style: `--now:var(--course-${one.ink})` }, swatch, html("b", {}, one.name), score, rate);
  button.addEventListener("click", toggle);
  for (const [event, who] of [["pointerenter", one.i], ["focus", one.i], ["pointerleave", null], ["blur", null]]) {
    button.addEventListener(event, () => front(who));
  }
  const show = (standing, shown, least) => {
    button.setAttribute("aria-pressed", `${shown}`);
    score.textContent = standing.lost ? "lost" : lossOf(standing.loss, least);
    rate.textContent = `at lr ${number(standing.lr)}`;
  };
  return { button, show };
}

export function render({ model, el: root }) {
  const data = opened(model.get("data"));
  const everyone = data.contestants.map((_, i) => i);
  const [titleId, descId] = [unique("title"), unique("desc")];
  const title = svg("title", { id: titleId }, "Level lines of a surface with the optimizers' paths, and their losses at every step");
  const desc = svg("desc", { id: descId });
  const [still, moving, cover] = [svg("g"), svg("g"), svg("g")];
  const picture = svg("svg", { role: "img", "aria-labelledby": `${titleId} ${descId}` }, title, desc, still, moving, cover);
  const lastOf = () => data.courses[state.get().course].steps.length - 1;
  const courses = choice("Surface", data.courses.map((one) => one.title), (course) => {
    play.stop();
    state.set({ course, start: 0, step: data.courses[course].steps.length - 1 });
  });
  const crowds = choice("Who races", ["the four", `all ${everyone.length}`], (all) => state.set({ shown: all ? everyone : data.four }));
  const factors = slider({ name: "Rate factor", max: data.factors.length - 1, onInput: (factor) => state.set({ factor }) });
  const place = (at) => `(${at.map(number).join(", ")})`;
  const starts = data.courses.map((course) => choice("Start", course.starts.map((at) => `from ${place(at)}`), (start) => state.set({ start })));
  const steps = slider({ name: "Step", max: 1, onInput: (step) => { play.stop(); state.set({ step }); } });
  const shown = { factor: html("span"), step: html("span") };
  const startRow = html("div");
  const live = html("p", { class: "told", "aria-live": "polite" });
  let [s, room, laid, front] = [null, 0, null, null];

  const bring = (who) => {
    front = who === null || state.get().shown.includes(who) ? who : null;
    draw();
  };
  const toggle = (i) => () => {
    const now = state.get().shown;
    state.set({ shown: now.includes(i) ? now.filter((one) => one !== i) : [...now, i].sort((a, b) => a - b) });
  };
  const runners = data.contestants.map((one, i) => runner({ ...one, i }, toggle(i), bring));

  function lay(width) {
    [room, laid] = [width, state.get().course];
    const course = data.courses[laid];
    s = scales(course, width);
    picture.setAttribute("viewBox", `0 0 ${s.width} ${s.height}`);
    still.replaceChildren(...backdrop(course, s));
    const nearest = (at) => {
      const far = (start) => Math.hypot(...s.map.at(start).map((value, i) => value - s.map.at(at)[i]));
      return course.starts.reduce((best, start, i) => (far(start) < far(course.starts[best]) ? i : best), 0);
    };
    cover.replaceChildren(sheet(s.map, (at) => state.set({ start: nearest(at) })));
    startRow.replaceChildren(course.starts.length > 1 ? starts[laid].row : "");
    steps.max = course.steps.length - 1;
    draw();
  }

  function draw() {
    const at = state.get();
    if (laid !== at.course) return lay(room);
    const course = data.courses[at.course];
    const field = fieldOf(data, at);
    const racing = field.filter((one) => at.shown.includes(one.i));
    const dots = course.starts.map((start, i) => {
      const [cx, cy] = s.map.at(start);
      return svg("circle", { cx, cy, r: 4, class: i === at.start ? "start chosen" : "start" });
    });
    moving.replaceChildren(...lines(course, racing, at.step, front, s), ...dots);
    [factors.value, steps.value] = [at.factor, at.step];
    shown.factor.textContent = `× ${number(data.factors[at.factor])}`;
    shown.step.textContent = `${course.steps[at.step]}`;
    factors.setAttribute("aria-valuetext", `${number(data.factors[at.factor])} times the rate that each chose`);
    steps.setAttribute("aria-valuetext", `step ${course.steps[at.step]}`);
    courses.show(at.course);
    starts[at.course].show(at.start);
    crowds.show(at.shown.length === everyone.length ? 1 : at.shown.join() === data.four.join() ? 0 : -1);
    runners.forEach((one, i) => one.show(field[i], at.shown.includes(i), data.least));
    live.setAttribute("aria-live", play.playing() ? "off" : "polite");
    live.textContent = desc.textContent = told(data, course, racing, at);
    return undefined;
  }

  const state = stateOf(model, root, () => draw());
  const play = player({ get: () => state.get().step, set: (step) => state.set({ step }), first: 0, last: lastOf, pause: 100 });
  root.classList.add("course-explorer-body", "course-race");
  root.replaceChildren(
    courses.row,
    html("label", { class: "walk" }, html("span", {}, "everyone’s rate"), factors, shown.factor),
    startRow,
    picture,
    html("div", { class: "walk" }, play.button, steps, html("span", {}, "step ", shown.step)),
    crowds.row,
    html("div", { class: "field", role: "group", "aria-label": "Contestants: rate, and loss at this step" }, ...runners.map((one) => one.button)),
    live,
    html("p", { class: "note" }, `Not racing: ${data.absent.join("; ")}.`),
  );
  const ends = [guardKeys(root), fitted(root, lay), state.forget, play.stop];
  return () => ends.forEach((end) => end());
}
