// The share of parameters within a tolerance of the best loss, for four losses; _figures/explorables.py computes the same.
"use strict";
(() => {
  const { colours, number, powerOfTen, text, plot, key, mount } = faqExplorables;
  const QUARTIC = 0.8740191847640399; // ∫₀¹ √(1 − v⁴) dv

  // Of [-1, 1]², for 0 < ε ≤ 1: the share V(ε) with K < ε, its slope d log V / d log ε, and the exponent λ.
  const product = k => ({
    share: e => { const t = e ** (1 / k); return t * (1 - Math.log(t)); },
    slope: e => { const l = Math.log(1 / e) / k; return l / (1 + l) / k; },
  });
  const power = (constant, lambda) => ({ share: e => constant * e ** lambda, slope: () => lambda });
  const LOSSES = {
    "w₁² + w₂²": { ...power(Math.PI / 4, 1), lambda: 1, printed: "1" },
    "w₁² + w₂⁴": { ...power(QUARTIC, 0.75), lambda: 0.75, printed: "¾" },
    "w₁²w₂²": { ...product(2), lambda: 0.5, printed: "½" },
    "w₁⁴w₂⁴": { ...product(4), lambda: 0.25, printed: "¼" },
  };
  const share = (loss, epsilon) => LOSSES[loss].share(epsilon);
  const slope = (loss, epsilon) => LOSSES[loss].slope(epsilon);
  const coefficient = loss => LOSSES[loss].lambda;
  faqExplorables.volumes = { losses: Object.keys(LOSSES), share, slope, coefficient };

  const LOW = -8, FLOOR = -9, CEILING = 0.8;

  function draw({ epsilon }, width, height) {
    const at = Math.log10(epsilon);
    const { X, Y, line, frame } = plot(width, 26, height - 24,
      { from: LOW, to: 0, ticks: [-8, -6, -4, -2, 0], words: powerOfTen },
      { from: FLOOR, to: CEILING, ticks: [-8, -6, -4, -2, 0], words: powerOfTen, name: "share V(ε) of parameters with K &lt; ε" });
    let picture = frame + line([[at, FLOOR], [at, CEILING]], undefined, 'stroke-dasharray="1 3"');
    let readings = "";
    faqExplorables.volumes.losses.forEach((loss, number_) => {
      const colour = colours[number_], here = Math.log10(share(loss, epsilon)), s = slope(loss, epsilon);
      const curve = Array.from({ length: 65 }, (_, step) => LOW + step / 8).map(x => [x, Math.log10(share(loss, 10 ** x))]);
      // The tangent, inside the frame.
      const ends = [Math.max(LOW, at + (FLOOR - here) / s), Math.min(0, at + (CEILING - here) / s)];
      const below = number_ === 0, label = -5;
      picture += line(ends.map(x => [x, here + s * (x - at)]), undefined, 'stroke-dasharray="5 4" opacity=".7"')
        + line(curve, colour, 'stroke-width="2.5"')
        + `<circle cx="${X(at)}" cy="${Y(here)}" r="4.5" fill="${colour}"/>`
        + text(X(label) + (below ? 8 : -4), Y(Math.log10(share(loss, 10 ** label))) + (below ? 14 : -7), loss, below ? "" : 'text-anchor="end"');
      readings += `<span>${key(colour)}${loss}</span> <span>share ${number(100 * share(loss, epsilon))} %</span> <span>slope ${s.toFixed(2)}</span> <span>λ = ${LOSSES[loss].printed}</span> `;
    });
    return { picture, readings: `<span>${readings}</span>` };
  }

  mount("volumes", "Share of a square of parameters within a tolerance, against the tolerance, for four losses; dashed, the slopes at the chosen tolerance.", [
    { name: "epsilon", label: "tolerance ε", axis: true, min: LOW, max: 0, step: 0.1, start: -7, value: x => 10 ** x, show: x => number(x) },
  ], draw);
})();
