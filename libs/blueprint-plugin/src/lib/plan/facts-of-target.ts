// What the planner needs of a target, out of the data of blueprints/: core packages read no files and import no adapter.
import {
  checkPair,
  inferencesPerSecond,
  isKnown,
  reachedTops,
  type Catalog,
  type Fact,
  type TargetEntry,
} from '@edge-blueprints/blueprints';
import type { FactSource, PlanInput, SpeedFact, TargetFacts } from '@edge-blueprints/sizing';

export function factsOfTargets(catalog: Catalog, plan: PlanInput): readonly TargetFacts[] {
  return catalog.targets
    .filter(({ id }) => plan.options.some(({ target }) => target === id))
    .map((entry) => factsOf(entry, refusalsOf(catalog, entry, plan)));
}

/** Only a bundle of the blueprint can be checked: of another model nobody has the file. */
function refusalsOf(catalog: Catalog, entry: TargetEntry, plan: PlanInput): readonly string[] {
  const pair = checkPair(catalog.blueprint(plan.blueprint), entry, catalog.workspace);
  const fit = pair.models.find(({ bundle }) => bundle === plan.workload.model.name);
  return fit === undefined || fit.route !== null ? [] : fit.refusals.slice(0, 3);
}

function factsOf({ id, target, hardware }: TargetEntry, refusals: readonly string[]): TargetFacts {
  const sourceOf = (key: string): FactSource => {
    const source = hardware.sources[key];
    return source === undefined
      ? { title: key, url: null, date: '' }
      : { title: source.title, url: source.url ?? source.document ?? null, date: source.date };
  };
  const known = <T, R>(fact: Fact<T>, made: (value: T, source: FactSource) => R): R | null =>
    isKnown(fact) ? made(fact.value, sourceOf(fact.source)) : null;
  const tops = reachedTops(hardware).map((reached) => reached.tops);
  return {
    id,
    title: target.title,
    part: hardware.part,
    label: target.readiness.replaceAll('-', ' '),
    marketedTops: known(hardware.tops, ({ marketed }) => marketed),
    reachedTops: tops.length === 0 ? null : [Math.min(...tops), Math.max(...tops)],
    // A batch serves throughput; a station waits for one picture.
    speeds: hardware.speeds.flatMap((speed): readonly SpeedFact[] => {
      const rate = inferencesPerSecond(speed);
      if (rate === null || speed.batch !== 1) return [];
      const { model, input, precision, device, runtime, gigaOperations, statistic, label, note = null } = speed;
      const source = sourceOf(speed.source);
      const milliseconds = 1000 / rate;
      return [
        { model, input, precision, device, runtime, milliseconds, gigaOperations, statistic, label, source, note },
      ];
    }),
    perCore: hardware.speeds.some(({ device }) => device === 'one core'),
    power: known(hardware.power, ({ maxWatts, of }, source) => ({ maxWatts, of, source })),
    thermal: known(hardware.thermal, (curve) => curve),
    thermalSource: known(hardware.thermal, (_, source) => source),
    availability: known(hardware.availability, ({ state, until, text }, source) => ({ state, until, text, source })),
    refusals,
  };
}
