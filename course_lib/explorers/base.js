// What every explorer shares: elements, controls, the model's two hosts, and manners towards the page around it.

const SVG = "http://www.w3.org/2000/svg";

/** A name no other element of the page has; in Jupyter each figure comes with a copy of this module, so no counter. */
export function unique(prefix) {
  return `course-${prefix}-${Math.random().toString(36).slice(2)}`;
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function html(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A number as a person writes it: three significant digits, a real minus, large ones in powers of ten. */
export function number(value) {
  if (value === null) return "∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : String(Number(value.toPrecision(3)));
  const raised = (power) => power.replace(/./g, (sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"["0123456789-".indexOf(sign)]);
  return text.replace(/e\+?(.+)$/, (_, power) => ` × 10${raised(power)}`).replace("-", "−");
}

/** A slider with a name and a spoken value; `onInput` gets the number. */
export function slider({ name, max, min = 0, onInput }) {
  const input = html("input", { type: "range", min, max, step: 1, "aria-label": name });
  input.addEventListener("input", () => onInput(Number(input.value)));
  return input;
}

/** A row of values under their names: `pairs` are [name, element]. */
export function readout(pairs) {
  const cells = pairs.map(([name, value]) => html("div", {}, html("span", {}, name), value));
  return html("div", { class: "readout" }, ...cells);
}

/**
 * What lies along a slider of `last` + 1 positions: a strip of `zones` ({ name, from, to, ink }) for under its thumb, and
 * `limits` ({ at, label, name, ink }), buttons that go to one position. Both stand in a `.map` with the slider.
 */
export function zoneMap({ zones, limits, last, choose }) {
  const share = (position) => `${((position / last) * 100).toFixed(2)}%`;
  const strip = zones.map(({ name, from, to, ink }) => {
    const style = `left:${share(from)};width:${share(to - from)};--zone:var(--course-${ink})`;
    return html("span", { class: "zone", style }, name);
  });
  const buttons = limits.map(({ at, label, name, ink }) => {
    const style = `left:${share(at)};--zone:var(--course-${ink})`;
    const button = html("button", { type: "button", class: "limit", style }, html("b", {}, label), ` ${name}`);
    button.addEventListener("click", () => choose(at));
    return button;
  });
  return { zones: html("div", { class: "zones", "aria-hidden": "true" }, ...strip), limits: html("div", { class: "limits" }, ...buttons) };
}

/** A row of buttons of which one is pressed; `show(index)` says which. */
export function choice(name, options, choose) {
  const buttons = options.map((option, i) => {
    const button = html("button", { type: "button", class: "course-button" }, option);
    button.addEventListener("click", () => choose(i));
    return button;
  });
  const show = (chosen) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", `${i === chosen}`));
  return { row: html("div", { class: "choice", role: "group", "aria-label": name }, ...buttons), show };
}

/** A button that walks `get()` up to `last` (a number, or a function that tells it) in even time, until the reader takes over. */
export function player({ get, set, first, last, pause = 450 }) {
  const button = html("button", { type: "button", class: "course-button" });
  let timer = null;
  const show = () => {
    button.textContent = timer === null ? "▶ Play" : "❚❚ Pause";
    button.setAttribute("aria-label", timer === null ? "Play the steps" : "Pause");
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    show();
  };
  const end = () => (typeof last === "function" ? last() : last);
  const tick = () => (get() >= end() ? stop() : set(get() + 1));
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (get() >= end()) set(first);
    timer = setInterval(tick, pause);
    return show();
  });
  show();
  return { button, stop, playing: () => timer !== null };
}

/** JupyterLab takes arrow keys from its outputs; keep those meant for a control inside `root`. */
export function guardKeys(root) {
  const guard = (event) => {
    if (root.contains(event.target) && /^(Arrow|Page|Home|End)/.test(event.key)) event.stopImmediatePropagation();
  };
  window.addEventListener("keydown", guard, true);
  return () => window.removeEventListener("keydown", guard, true);
}

/** Call `draw(width)` now and whenever the room for the figure changes. */
export function fitted(root, draw, most = 640) {
  let width = 0;
  const fit = () => {
    const room = Math.min(most, Math.floor(root.clientWidth) || 560);
    if (room !== width) draw((width = room));
  };
  const observer = new ResizeObserver(fit);
  observer.observe(root);
  fit();
  return () => observer.disconnect();
}

/** Keep the controls' state in the host's model, and redraw when either side changes it; `root` carries it too. */
export function stateOf(model, root, redraw) {
  const get = () => model.get("state");
  const set = (changes) => {
    model.set("state", { ...get(), ...changes });
    model.save_changes();
  };
  const changed = () => {
    root.dataset.state = JSON.stringify(get());
    redraw();
  };
  root.dataset.state = JSON.stringify(get());
  model.on("change:state", changed);
  return { get, set, forget: () => model.off("change:state", changed) };
}

/** The part of anywidget's model that a figure uses, for a page without Jupyter. */
function pageModel(content) {
  const listeners = new Set();
  return {
    get: (name) => content[name],
    set: (name, value) => {
      content[name] = value;
      listeners.forEach((listener) => listener());
    },
    save_changes: () => {},
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
}

/** Bring every static figure of this kind to life. A figure that cannot be drawn keeps its picture. */
export function mountAll(kind, render) {
  for (const figure of document.querySelectorAll(`figure[data-explorer="${kind}"]:not([data-ready])`)) {
    const stage = html("div", { class: "course-stage" });
    const content = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const picture = figure.querySelector(".course-stage");
    figure.insertBefore(stage, picture);
    try {
      render({ model: pageModel(content), el: stage });
      picture.remove();
      figure.dataset.ready = "";
    } catch (problem) {
      stage.remove();
      console.error(problem);
    }
  }
}
