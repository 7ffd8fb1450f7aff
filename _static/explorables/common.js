// What the explorable drawings share: a plot, its controls and its readings, in the place of the static picture.
// Where scripts do not run the static picture stays. The space is reserved in faq.css, so nothing moves.
"use strict";
window.faqExplorables = (() => {
  const colours = ["#2f7fe0", "#c76b00", "#1f9a4d", "#d0409a"]; // SERIES of _figures/drawing.py
  const LEFT = 48, RIGHT = 16; // pixels beside a plot; faq.css lays a slider below its axis with the same
  const raised = power => String(power).replace(/./g, sign => sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign]);

  // So many significant digits; a power of ten where the number is very small or large.
  function number(x, digits = 2) {
    if (!Number.isFinite(x)) return "–";
    const [mantissa, power] = x.toExponential(digits - 1).split("e").map(Number);
    const plain = power >= -4 && power < 6;
    const text = (plain ? x : mantissa).toLocaleString("en-GB", { maximumSignificantDigits: digits }).replace("-", "−");
    return plain ? text : (text === "1" ? "" : `${text}·`) + `10${raised(power)}`;
  }

  const powerOfTen = power => `10${raised(power)}`;
  const text = (x, y, words, rest = "") => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${rest}>${words}</text>`;

  // A plot between two heights of the picture; x and y say from, to, ticks, the words for a tick, and a name.
  function plot(width, top, bottom, x, y) {
    const X = value => LEFT + (value - x.from) / (x.to - x.from) * (width - LEFT - RIGHT);
    const Y = value => bottom - (value - y.from) / (y.to - y.from) * (bottom - top);
    const line = (points, colour = "currentColor", rest = "") =>
      `<polyline fill="none" stroke="${colour}" points="${points.map(([a, b]) => `${X(a).toFixed(1)},${Y(b).toFixed(1)}`).join(" ")}" ${rest}/>`;
    let frame = `<path fill="none" stroke="currentColor" d="M${LEFT} ${top}V${bottom}H${width - RIGHT}"/>`;
    for (const tick of x.ticks) {
      frame += `<path stroke="currentColor" d="M${X(tick)} ${bottom}v4"/>`;
      if (x.words) frame += text(X(tick), bottom + 18, x.words(tick), 'text-anchor="middle"');
    }
    for (const tick of y.ticks) frame += `<path stroke="currentColor" d="M${LEFT - 4} ${Y(tick)}h4"/>` + text(LEFT - 7, Y(tick) + 4, y.words(tick), 'text-anchor="end"');
    frame += text(0, top - 8, y.name);
    if (x.name) frame += text(width - RIGHT, bottom + 34, x.name, 'text-anchor="end"');
    return { X, Y, line, frame };
  }

  // The sign beside a reading that says which line it belongs to.
  const key = (colour, style = "solid") => `<i class="key" style="border-top: 3px ${style} ${colour}"></i>`;

  // Puts an explorable into each place of that name. A control is a slider (min, max, step, start, and `value` and `show` of
  // its position) or a choice (options). `draw` gets the values and the size of the picture and returns { picture, readings }.
  function mount(name, title, controls, draw) {
    for (const place of document.querySelectorAll(`[data-explorable="${name}"]`)) {
      const panel = document.createElement("div"), readings = document.createElement("output");
      panel.className = "controls";
      readings.className = "readings";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "plot");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", title);
      const inputs = controls.map(control => {
        const label = document.createElement("label"), shown = document.createElement("span");
        const input = document.createElement(control.options ? "select" : "input");
        if (control.options) {
          input.append(...control.options.map((words, index) => new Option(words, index)));
        } else {
          Object.assign(input, { type: "range", min: control.min, max: control.max, step: control.step });
          input.value = control.start; // after the limits, which it is held to
        }
        input.name = control.name;
        shown.setAttribute("aria-hidden", true); // a screen reader has it from the slider
        label.append(control.label, shown, input);
        if (control.axis) label.className = "axis";
        panel.append(label);
        input.addEventListener("input", update);
        return { control, input, shown };
      });

      function update() {
        const values = {};
        for (const { control, input, shown } of inputs) {
          values[control.name] = control.value ? control.value(+input.value) : +input.value;
          if (control.options) continue;
          shown.textContent = ` = ${control.show(values[control.name])}`;
          input.setAttribute("aria-valuetext", control.show(values[control.name]));
        }
        const made = draw(values, svg.clientWidth, svg.clientHeight);
        svg.innerHTML = made.picture;
        if (readings.innerHTML !== made.readings) readings.innerHTML = made.readings;
      }

      place.replaceChildren(svg, panel, readings);
      new ResizeObserver(update).observe(svg);
      update();
    }
  }

  return { colours, number, powerOfTen, text, plot, key, mount };
})();
