import { createRandom } from '@edge-blueprints/contracts';
import { createDriftMonitor, freezeReference, hoursPerMonth } from '@edge-blueprints/drift';

/** False alarms of whole monitors over a time in which nothing changes. */
export interface PromiseFigures {
  readonly gate: string;
  readonly stations: number;
  readonly parts: number;
  readonly promised: number;
  readonly raised: number;
}

const partsPerHour = 3600;
const windowParts = 100;
const referenceParts = 1000;
/** High, so that there is something to count in an eighth of a month; the level of a window scales with it. */
const falseAlarmsPerMonth = 3200;
const months = 1 / 8;

/**
 * An eighth of a month of parts, split over stations with a reference of their own: brightness, contrast (half of it the brightness) and a discrete
 * score, and verdicts with 5 % rejects.
 */
export function measurePromise(stations: number, minimumEffect: number | undefined, seed: number): PromiseFigures {
  const parts = Math.round((months * hoursPerMonth * partsPerHour) / stations);
  let raised = 0;
  for (let station = 0; station < stations; station++) {
    const random = createRandom(seed).fork(`station ${station}`);
    const draw = () => {
      const brightness = random.normal();
      const contrast = (brightness + random.normal()) / Math.SQRT2;
      return { brightness, contrast, score: Math.round(random.next() * 20) / 20 };
    };
    const seen = Array.from({ length: referenceParts }, draw);
    const rejects = seen.filter(() => random.next() < 0.05).length;
    const gate = minimumEffect === undefined ? {} : { minimumEffect };
    const monitor = createDriftMonitor({
      bundle: 'null',
      bundleVersion: '1',
      features: (['brightness', 'contrast', 'score'] as const).map((feature) => ({
        feature,
        unit: '',
        reference: freezeReference(
          seen.map((part) => part[feature]),
          { autocorrelationTime: 1 },
        ),
        ...gate,
      })),
      categories: [{ feature: 'verdict', reference: { pass: referenceParts - rejects, reject: rejects }, ...gate }],
      falseAlarmsPerMonth,
      partsPerHour,
      windowParts,
      random: random.fork('lottery'),
    });
    for (let i = 0; i < parts; i++) {
      const verdict = random.next() < 0.05 ? 'reject' : 'pass';
      if (!monitor.record({ resultId: '', atMs: i, features: draw(), categories: { verdict } })) continue;
      raised += monitor.evaluate()?.alarms.filter(({ state }) => state === 'raised').length ?? 0;
    }
  }
  const gate = minimumEffect === undefined ? 'as shipped' : 'off';
  return { gate, stations, parts: parts * stations, promised: falseAlarmsPerMonth * months, raised };
}
