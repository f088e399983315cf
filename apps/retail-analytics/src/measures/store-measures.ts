import type {
  CameraCalibration,
  CameraSight,
  Clock,
  FloorPerson,
  StoreCameraView,
  StorePlan,
} from '@edge-blueprints/contracts';
import { CameraCover } from './camera-cover.js';
import { DwellTally } from './dwell-tally.js';
import { HeatMap } from './heat-map.js';
import { LineTally } from './line-tally.js';
import { trackRules } from './measure-rules.js';
import type { LiveMeasures, MeasureEvent, ReleaseWindow, StoreMeasures } from './measures-port.js';
import { PersonLife, type LifeEvents } from './person-life.js';
import { QueueDesk } from './queue-desk.js';
import type { QueueLeave } from './queue-watch.js';
import { ReleaseWindows, type OpenWindow } from './release-windows.js';
import { createDayLabels, shown } from './rolling-count.js';
import { createTrackKeys } from './track-keys.js';
import { OccupancyMeter } from './zone-occupancy.js';

export interface StoreMeasuresOptions {
  readonly cameras: readonly { readonly id: string; readonly floorFramesPerS: number }[];
  readonly calibrations: readonly CameraCalibration[];
  /** Live figures below it are told as fewer. */
  readonly minimumCount: number;
  /** Length of a release window; it must divide a day. */
  readonly windowS: number;
  /** How long a window waits for tracks that began in it. */
  readonly graceS: number;
  readonly clock: Clock;
  /** Of the day that "today" means; windows are UTC whatever this says. */
  readonly timeZone?: string;
  /** People at one time; more are counted as dropped. */
  readonly maxPeople?: number;
  /** Tracks of one window; more are counted as dropped. */
  readonly maxTracks?: number;
  /** Random 64 bits as hex, one for each track; from the system where absent. */
  readonly newKey?: () => string;
  /** What is counted as it is counted, for reports against a known truth. */
  readonly onEvent?: (event: MeasureEvent) => void;
}

/** Steps of time below this are gathered, ms. */
const stepMs = 100;

/** All measures of a store. What they mean is in `measure-rules.ts`. */
export function createStoreMeasures(first: StorePlan, options: StoreMeasuresOptions): StoreMeasures {
  const { clock, minimumCount: minimum, onEvent } = options;
  const maxPeople = options.maxPeople ?? 500;
  const newKey = options.newKey ?? createTrackKeys();
  const dayOf = createDayLabels(options.timeZone ?? 'UTC');
  const cover = new CameraCover(options.cameras);
  const windows = new ReleaseWindows({
    windowS: options.windowS,
    graceS: options.graceS,
    maxTracks: options.maxTracks ?? 20_000,
    revision: first.revision,
  });
  const lives = new Map<number, PersonLife>();
  const counts = { lostCrossings: 0, beyondCapacity: 0, outOfOrder: 0, stillTracks: 0, staffTracks: 0 };
  let plan = first;
  let lines = new Map(plan.lines.map((line) => [line.id, new LineTally(line)]));
  let dwell = new Map(plan.zones.map(({ id }) => [id, new DwellTally()]));
  let occupancy = new Map(plan.zones.map(({ id }) => [id, new OccupancyMeter()]));
  let heat = new HeatMap(plan, minimum);
  const queues = new QueueDesk(plan);
  let nowMs: number | undefined;
  let day: string | undefined;
  for (const { camera, authority } of options.calibrations) cover.setAuthority(camera, authority);

  const epochOf = (atMs: number): number => clock.epochMs() - (clock.monotonicMs() - atMs);
  const isFresh = (life: PersonLife, atMs: number): boolean => atMs - life.seenMs <= trackRules.freshMs;
  const customers = (): PersonLife[] => [...lives.values()].filter((life) => life.isCustomer);

  const events: LifeEvents = {
    crossing: (line, { direction, atMs }) => {
      lines.get(line)?.add(direction, nowMs ?? atMs);
      onEvent?.({ kind: 'crossing', line, direction, atMs });
    },
    visit: (zone, { enteredAtMs, leftAtMs, censored }) => {
      const dwellS = (leftAtMs - enteredAtMs) / 1000;
      dwell.get(zone)?.add(dwellS, censored, leftAtMs);
      onEvent?.({ kind: 'visit', zone, enteredAtMs, dwellS, censored });
    },
    heat: (cell, seconds, life) => heat.add(cell, life.track, seconds, life.seenMs),
  };

  const retire = (life: PersonLife): void => {
    const { window } = life;
    life.window = undefined;
    counts.lostCrossings += life.lostCrossings;
    counts.beyondCapacity += life.overflow;
    life.lostCrossings = 0;
    life.overflow = 0;
    if (!window) return;
    if (life.wasThing) counts.stillTracks += 1;
    if (life.isStaff) counts.staffTracks += 1;
    const contribution = life.contribution();
    if (contribution) windows.keep(window, contribution);
    else window.alive -= 1;
  };

  const leave = ({ track, visit, leftAtMs }: QueueLeave): void => {
    lives.get(track)?.queueVisit(visit);
    onEvent?.({ kind: 'queue', ...visit, atMs: leftAtMs });
  };

  const step = (atMs: number): void => {
    const dtMs = nowMs === undefined ? 0 : atMs - nowMs;
    nowMs = atMs;
    const epochMs = epochOf(atMs);
    const window = windows.at(epochMs, atMs);
    cover.integrate(window.span, dtMs, atMs);
    const today = dayOf(epochMs);
    if (today !== (day ?? today)) for (const line of lines.values()) line.newDay();
    day = today;
    // Queues first: who is lost leaves its queue while it still has a life to add to.
    for (const left of queues.update(customers(), dtMs, atMs)) leave(left);
    for (const [track, life] of lives) {
      if (atMs - life.seenMs <= trackRules.endMs) {
        life.advance(atMs, events);
        continue;
      }
      life.close(events);
      retire(life);
      lives.delete(track);
    }
    for (const [zone, meter] of occupancy) meter.observe(inZone(zone, atMs), dtMs, atMs);
  };

  const inZone = (zone: string, atMs: number): number => {
    let people = 0;
    for (const life of lives.values()) if (life.isIn(zone) && isFresh(life, atMs)) people += 1;
    return people;
  };

  const advance = (atMs: number): void => {
    if (nowMs === undefined || atMs - nowMs >= stepMs) step(atMs);
  };

  const see = (person: FloorPerson, atMs: number): void => {
    if (!person.confirmed || person.track < 0 || person.predicted) return;
    const known = lives.get(person.track);
    if (known && atMs <= known.seenMs) return;
    const life = known ?? begin(person, atMs);
    life?.observe(person, atMs, plan, events);
  };

  const begin = (person: FloorPerson, atMs: number): PersonLife | undefined => {
    const window = windows.at(epochOf(atMs), atMs);
    if (lives.size >= maxPeople) {
      counts.beyondCapacity += 1;
      window.reasons.add('crowd beyond capacity');
      return undefined;
    }
    const life = new PersonLife(person.track, newKey(), plan, person, atMs, window);
    window.alive += 1;
    lives.set(person.track, life);
    return life;
  };

  /** Tracks that go on are cut: what they do later belongs to no window. */
  const finish = (own: OpenWindow): void => {
    for (const life of lives.values()) if (life.window === own) retire(life);
  };

  const snapshot = (atMs: number): LiveMeasures => ({
    people: shown(customers().filter((life) => isFresh(life, atMs)).length, minimum),
    lines: [...lines.values()].map((line) => line.view(atMs, minimum)),
    zones: plan.zones.map(({ id, name, polygon }) => {
      const survival = dwell.get(id)?.survival(atMs);
      const isEnough = survival !== undefined && survival.count >= minimum;
      return {
        id,
        name,
        people: shown(inZone(id, atMs), minimum),
        dwellMedianS: isEnough ? survival.medianS : null,
        censoredShare: isEnough ? survival.censoredShare : null,
        state: cover.stateOf(polygon, atMs),
      };
    }),
    queues: queues.views(atMs, minimum, ({ area }) => cover.stateOf(area, atMs) === 'good'),
    heat: heat.view(atMs),
  });

  return {
    observe({ camera, atMs, people }: CameraSight) {
      if (!cover.note(camera, atMs)) {
        counts.outOfOrder += 1;
        return;
      }
      advance(atMs);
      if (cover.isUsable(camera)) for (const person of people) see(person, atMs);
    },
    advance,
    setCamera: (camera: string, state: StoreCameraView['state']) => cover.setState(camera, state),
    setCalibration: ({ camera, authority }) => cover.setAuthority(camera, authority),
    edit(next, atMs) {
      step(Math.max(atMs, nowMs ?? atMs));
      for (const left of queues.close(atMs)) leave(left);
      for (const life of lives.values()) {
        life.close(events);
        retire(life);
        life.rewatch(next);
      }
      windows.edit(next.revision, epochOf(atMs), atMs);
      lines = new Map(next.lines.map((line) => [line.id, new LineTally(line, lines.get(line.id)?.today)]));
      dwell = new Map(next.zones.map(({ id }) => [id, new DwellTally()]));
      occupancy = new Map(next.zones.map(({ id }) => [id, new OccupancyMeter()]));
      heat = new HeatMap(next, minimum);
      plan = next;
      queues.setPlan(next);
    },
    snapshot,
    exact: (atMs) => ({
      people: customers().filter((life) => isFresh(life, atMs)).length,
      zones: new Map(plan.zones.map(({ id }) => [id, inZone(id, atMs)])),
      queues: queues.lengths(),
    }),
    occupancy: () => [...occupancy].map(([zone, meter]) => ({ zone, ...meter.take() })),
    due(atMs) {
      windows.at(epochOf(atMs), atMs);
      return windows.due(atMs);
    },
    cut(atMs) {
      for (const left of queues.close(atMs)) leave(left);
      for (const life of lives.values()) life.close(events);
      windows.cut(epochOf(atMs), atMs);
      return windows.due(atMs, true);
    },
    take: (window: ReleaseWindow) => windows.take(window, finish, (span) => cover.reasons(span)),
    counters: () => ({ ...counts, beyondCapacity: counts.beyondCapacity + windows.dropped }),
  };
}
