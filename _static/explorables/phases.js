// Two phases that compete for the posterior, to leading order; _figures/explorables.py computes the same.
"use strict";
(() => {
  const { colours, number, powerOfTen, text, plot, key, mount } = faqExplorables;

  // F₂ − F₁ = Δλ log n − n ΔL: phase 2 has the loss lower by ΔL and the coefficient larger by Δλ.
  const difference = (n, gain, extra) => extra * Math.log(n) - n * gain;
  // The share of phase 2 in the posterior, had the two all of it.
  const share = (n, gain, extra) => 1 / (1 + Math.exp(difference(n, gain, extra)));

  // The n, above e, at which both are level; NaN if there is none (Δλ < e ΔL: phase 2 leads at every n).
  function crossing(gain, extra) {
    const ratio = extra / gain;
    if (!(ratio >= Math.E)) return NaN;
    let n = ratio * Math.log(ratio) * 2; // beyond it, where n − ratio log n is convex and Newton's steps come down
    for (let step = 0; step < 50; step++) n -= (n - ratio * Math.log(n)) / (1 - ratio / n) || 0;
    return n;
  }
  faqExplorables.phases = { difference, share, crossing };

  const percent = p => p > 0.9995 ? "> 99.9 %" : p < 0.0005 ? "< 0.1 %" : `${number(100 * p, 3)} %`;
  const decades = (from, to) => Array.from({ length: to - from + 1 }, (_, step) => from + step);

  function draw({ n, gain, extra }, width, height) {
    const level = crossing(gain, extra), at = Math.log10(n), middle = Math.round(height * 0.58);
    const x = { from: 1, to: 6, ticks: decades(1, 6) };
    const xs = Array.from({ length: 251 }, (_, step) => 1 + step / 50);
    const costs = [m => m * gain, m => extra * Math.log(m)], shares = [m => 1 - share(m, gain, extra), m => share(m, gain, extra)];
    const top = plot(width, 26, middle - 26, x, { from: -2, to: 5, ticks: [-2, 0, 2, 4], words: powerOfTen, name: "cost, nats" });
    const bottom = plot(width, middle + 14, height - 24, { ...x, words: powerOfTen }, { from: 0, to: 1, ticks: [0, 0.5, 1], words: p => `${100 * p} %`, name: "share of the posterior" });
    let picture = top.frame + bottom.frame;
    for (const { line } of [top, bottom]) {
      const ends = line === top.line ? [-2, 5] : [0, 1];
      picture += line(ends.map(y => [at, y]), undefined, 'stroke-dasharray="1 3"');
      if (level >= 10) picture += line(ends.map(y => [Math.log10(level), y]), undefined, 'stroke-dasharray="5 4" opacity=".7"');
    }
    for (const number_ of [0, 1]) {
      const drawn = [xs.map(m => [m, Math.log10(costs[number_](10 ** m))]).filter(([, y]) => y >= -2 && y <= 5), xs.map(m => [m, shares[number_](10 ** m)])];
      picture += top.line(drawn[0], colours[number_], 'stroke-width="2.5"') + bottom.line(drawn[1], colours[number_], 'stroke-width="2.5"')
        + `<circle cx="${top.X(at)}" cy="${top.Y(Math.log10(costs[number_](n)))}" r="4.5" fill="${colours[number_]}"/>`
        + `<circle cx="${bottom.X(at)}" cy="${bottom.Y(shares[number_](n))}" r="4.5" fill="${colours[number_]}"/>`;
    }
    picture += text(top.X(1.15), top.Y(Math.log10(costs[1](10))) - 9, "Δλ log n") + text(top.X(5.2), top.Y(Math.log10(costs[0](10 ** 5.2))) - 8, "n ΔL", 'text-anchor="end"')
      + text(bottom.X(1.15), bottom.Y(1) + 18, "phase 1") + text(bottom.X(5.9), bottom.Y(1) + 18, "phase 2", 'text-anchor="end"');
    const lead = difference(n, gain, extra);
    const readings = `<span><span>${key(colours[0])}phase 1</span> <span>n ΔL = ${number(costs[0](n), 3)} nats,</span> <span>share ${percent(shares[0](n))};</span> `
      + `<span>${key(colours[1])}phase 2</span> <span>Δλ log n = ${number(costs[1](n), 3)} nats,</span> <span>share ${percent(shares[1](n))}.</span></span> `
      + `<strong>${lead > 0 ? "Phase 1, the simpler, leads" : "Phase 2, the better fit, leads"} by ${number(Math.abs(lead))} nats; they trade places at n = ${number(level, 4)}.</strong>`;
    return { picture, readings };
  }

  const power = x => 10 ** x;
  mount("phases", "Above, what each of two phases pays against the number of samples n; below, its share of the posterior. They trade places where the costs are equal.", [
    { name: "n", label: "samples n", axis: true, min: 1, max: 6, step: 0.02, start: 3, value: power, show: x => number(x, 3) },
    { name: "gain", label: "loss ΔL", min: -3, max: -1, step: 0.1, start: -2, value: power, show: x => number(x) },
    { name: "extra", label: "coefficient Δλ", min: 0.5, max: 10, step: 0.5, start: 2, show: x => number(x) },
  ], draw);
})();
