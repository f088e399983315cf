import { createRandom } from '@edge-blueprints/contracts';
import type { StoryName } from '@edge-blueprints/rigs';

/** A story that the demo has told of one patient, faster than in life so that somebody who watches sees it. */
export interface ToldStory {
  /** Seconds after the first story. */
  readonly atS: number;
  readonly patient: number;
  readonly name: StoryName;
  readonly course: { readonly riseS: number; readonly holdS: number; readonly fallS: number };
}

const courses: readonly Pick<ToldStory, 'name' | 'course'>[] = [
  { name: 'hypoxia', course: { riseS: 8, holdS: 60, fallS: 20 } },
  { name: 'atrial-fibrillation', course: { riseS: 5, holdS: 120, fallS: 20 } },
  { name: 'probe-off', course: { riseS: 0, holdS: 45, fallS: 0 } },
  { name: 'fall', course: { riseS: 0, holdS: 60, fallS: 0 } },
  { name: 'opioid', course: { riseS: 20, holdS: 70, fallS: 30 } },
  { name: 'out-of-range', course: { riseS: 0, holdS: 40, fallS: 0 } },
  { name: 'bradycardia', course: { riseS: 8, holdS: 60, fallS: 20 } },
];

/** The second story comes soon, so that a minute shows more than one; from then on most of the ward is calm. */
const secondAtS = 12;

/** Without end: one patient after the other in an order of the seed, one story after the other. */
export function* wardStories(seed: number, patients: number): Generator<ToldStory, never> {
  const random = createRandom(seed).fork('demo-stories');
  const everyS = Math.max(20, 900 / patients);
  const beds = Array.from({ length: patients }, (_, index) => index + 1);
  for (let at = beds.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random.next() * (at + 1));
    [beds[at], beds[other]] = [beds[other] ?? 1, beds[at] ?? 1];
  }
  for (let count = 0; ; count += 1) {
    const told = courses[count % courses.length] ?? { name: 'hypoxia', course: { riseS: 8, holdS: 60, fallS: 20 } };
    const atS = count === 0 ? 0 : secondAtS + (count - 1) * everyS;
    yield { atS, patient: beds[count % beds.length] ?? 1, ...told };
  }
}
