// An LLC estimated by SGLD where the answer is known, under settings of one's choice; the loss is that of
// _figures/drawings/llc_traces.py, with minibatch noise drawn as normal. _figures/explorables.py computes the same numbers.
"use strict";
(() => {
  const { colours, number, plot, key, mount } = faqExplorables;
  const CHAINS = 4, STEPS = 4000, BLOCK = 100, BURN_IN = STEPS / 4, SEED = 2;
  const LAMBDA = 3, NOISE = 0.025; // standard deviation of a minibatch gradient
  const DEPTH = 0.11, DROP = 0.0095, FAR = 1.5, STIFF = 0.1, FLAT = 0.1;
  const PASS = FAR * (1 - 3 * DROP / DEPTH) / 2; // between the well of 0 and the lower one
  const OUT = 100; // a chain that gets this far has diverged

  // L(w) = well(w₁) + 0.1 (w₂² + w₃² + w₄²) + 0.1 (w₅⁴ + … + w₈⁴): the part of each parameter, and its gradient.
  const D = 8;
  function part(i, w) {
    const y = w / FAR;
    return i === 0 ? DEPTH * y * y * (1 - y) * (1 - y) - DROP * y * y * (3 - 2 * y) : i < 4 ? STIFF * w * w : FLAT * w * w * w * w;
  }
  function gradient(i, w) {
    const y = w / FAR;
    return i === 0 ? y * (1 - y) * (2 * DEPTH * (1 - 2 * y) - 6 * DROP) / FAR : i < 4 ? 2 * STIFF * w : 4 * FLAT * w * w * w;
  }
  const CENTRES = [[0, 0, 0, 0, 0, 0, 0, 0], [0, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3]]; // the minimum, and a point beside it
  const loss = w => w.reduce((sum, value, i) => sum + part(i, value), 0);

  // Uniform in [0, 1): mulberry32, so that every browser, and Python, draws the same.
  function mulberry32(seed) {
    return () => {
      seed = seed + 0x6D2B79F5 | 0;
      let t = Math.imul(seed ^ seed >>> 15, 1 | seed);
      t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
      return ((t ^ t >>> 14) >>> 0) / 4294967296;
    };
  }

  // Standard normal, two at a time (Box and Muller).
  function normals(count, seed) {
    const uniform = mulberry32(seed), found = new Float64Array(count);
    for (let i = 0; i < count; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform())), angle = 2 * Math.PI * uniform();
      found[i] = radius * Math.cos(angle);
      found[i + 1] = radius * Math.sin(angle);
    }
    return found;
  }

  let noise; // the same for all settings, so that a change in the traces is due to the setting

  // Chains of w ← w − ε/2 (nβ (∇L + noise) + γ (w − w*)) + √ε η from w*; the sum of both noises is normal.
  // Gives nβ (L(w) − L(w*)) as means over blocks of each chain, its mean after burn-in, and how many chains left the well.
  function run({ step, localisation, nbeta, centre }) {
    noise ||= normals(STEPS * CHAINS * D, SEED);
    const start = CENTRES[centre], base = loss(start), at = new Float64Array(CHAINS * D).map((_, k) => start[k % D]), blocks = [], running = [];
    const kick = Math.sqrt(step + (step * nbeta * NOISE / 2) ** 2);
    let total = 0, diverged = false;
    for (let t = 0; t < STEPS && !diverged; t++) {
      if (t % BLOCK === 0) blocks.push(Array(CHAINS).fill(0));
      const block = blocks[blocks.length - 1];
      for (let c = 0; c < CHAINS; c++) {
        let now = -base;
        for (let i = 0; i < D; i++) {
          const k = c * D + i, w = at[k];
          const next = at[k] = w - step / 2 * (nbeta * gradient(i, w) + localisation * (w - start[i])) + kick * noise[t * CHAINS * D + k];
          if (!(Math.abs(next) < OUT)) diverged = true;
          now += part(i, next);
        }
        block[c] += nbeta * now / BLOCK;
        if (t >= BURN_IN) total += nbeta * now / CHAINS;
      }
      if (t >= BURN_IN && (t + 1) % BLOCK === 0) running.push([t + 1, total / (t + 1 - BURN_IN)]);
    }
    return { blocks, running, diverged, estimate: diverged ? NaN : total / (STEPS - BURN_IN), left: at.filter((w, k) => k % D === 0 && w > PASS).length };
  }

  // The exact mean of nβ (L(w) − L(w*)) under exp(−nβ L − γ |w − w*|²/2), w₁ kept to its well: one integral a parameter.
  function localised({ localisation, nbeta, centre }) {
    const start = CENTRES[centre], points = 3000;
    return nbeta * (start.reduce((sum, centred, i) => {
      const width = ((i ? 3 : PASS) + 3) / points;
      let mass = 0, mean = 0;
      for (let k = 0; k < points; k++) {
        const w = -3 + (k + 0.5) * width;
        const rise = part(i, w), weight = Math.exp(-nbeta * rise - localisation * (w - centred) ** 2 / 2);
        mass += weight;
        mean += weight * rise;
      }
      return sum + mean / mass;
    }, 0) - loss(start));
  }

  // What a reader should make of a run.
  function verdict(settings, { diverged, estimate, left }, exact) {
    const { step, localisation, nbeta, centre } = settings;
    const curvature = 2 * STIFF * nbeta + localisation; // of the stiffest direction; the discrete chain widens it by this factor:
    const widened = (1 + step * (nbeta * NOISE) ** 2 / 4) / (1 - step * curvature / 4);
    if (diverged) return "Step too large: the chains run away.";
    if (centre) return estimate < 0 ? "Not a minimum: the draws find lower loss than w*, so the estimate is negative." : "Not a minimum: whatever the estimate is, it is not λ.";
    if (exact < 0.75 * LAMBDA) return "Localisation too strong for this nβ: even perfect draws fall short of λ.";
    if (widened > 1.15) return "Step too large: the chains spread wider than the posterior.";
    if (left) return `${left} of ${CHAINS} chains left for a lower minimum: γ or nβ is too small.`;
    if (estimate < 0.8 * exact) return "Step too small: the chains have not settled.";
    return `Sound: the estimate is near the exact mean, ${number(Math.abs(LAMBDA - exact), 1)} ${exact < LAMBDA ? "below" : "above"} λ because of γ and nβ.`;
  }
  faqExplorables.llc_traces = { mulberry32, normals, run, localised, verdict };

  const signed = x => Number.isFinite(x) ? x.toFixed(1).replace("-", "−") : "none";

  function draw(settings, width, height) {
    const found = run(settings), exact = localised(settings);
    const values = found.diverged ? [] : [...found.blocks.flat(), ...found.running.map(([, y]) => y)];
    const reach = [10, 20, 50, 100, 200, 500, 1000].find(limit => values.every(y => Math.abs(y) < limit)) || 1000;
    const { line, frame } = plot(width, 26, height - 38,
      { from: 0, to: STEPS, ticks: [0, 1000, 2000, 3000, 4000], words: x => x, name: "SGLD steps" },
      { from: -reach, to: reach, ticks: [-reach, -reach / 2, 0, reach / 2, reach], words: signedTick, name: "nβ (L(w) − L(w*)) in four chains" });
    const held = y => Math.max(-reach, Math.min(reach, y));
    let picture = frame;
    for (let c = 0; c < CHAINS; c++) picture += line([[0, 0], ...found.blocks.map((block, b) => [(b + 0.5) * BLOCK, held(block[c])])], colours[0], 'stroke-width="1.2" opacity=".8"');
    picture += line([[0, LAMBDA], [STEPS, LAMBDA]], undefined, 'stroke-width="1.5" stroke-dasharray="2 3"')
      + line([[0, held(exact)], [STEPS, held(exact)]], colours[1], 'stroke-width="2" stroke-dasharray="8 4"')
      + line(found.running.map(([t, y]) => [t, held(y)]), colours[3], 'stroke-width="3"');
    const readings = `<span><span>${key(colours[3])}estimate ${signed(found.estimate)},</span> <span>${key(colours[1], "dashed")}exact mean ${signed(exact)},</span> `
      + `<span>${key("currentColor", "dotted")}λ = ${LAMBDA}.</span></span> <strong>${verdict(settings, found, exact)}</strong>`;
    return { picture, readings };
  }
  const signedTick = y => String(y).replace("-", "−");

  // Sliders count tenths of a decade from the settings of the static picture.
  const slider = (name, label, usual, min, max, digits = 2) => ({ name, label, min, max, step: 1, start: 0, value: x => usual * 10 ** (x / 10), show: x => number(x, digits) });
  mount("llc_traces", "Traces of four chains over 4,000 steps, the running estimate, the exact localised value and the learning coefficient 3.", [
    slider("step", "step size ε", 5e-4, -20, 20),
    slider("localisation", "localisation γ", 15, -20, 30),
    slider("nbeta", "nβ", 10_000 / Math.log(10_000), -20, 10, 4),
    { name: "centre", label: "chains start at", options: ["w* = 0, a minimum", "w* beside it"] },
  ], draw);
})();
