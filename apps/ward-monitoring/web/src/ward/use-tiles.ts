import type { AlarmSnapshot, BedView } from '@edge-blueprints/contracts';
import { useMemo, useRef } from 'react';
import { useAlarms, useFeedPart } from '../feed/feed-context.js';
import { tileModel } from './tile-model.js';
import type { TileModel } from './tile-model.js';
import { heldOrder, orderBeds } from './urgency.js';

const none: readonly AlarmSnapshot[] = [];
/** Tiles that moved stay for so long: nobody can follow more, and in a flood each move costs. The next view moves what waited. */
const restMs = 1_000;

/** A tile with what it was made of: an alarm of another bed does not make it again. */
interface Drawn {
  readonly bed: BedView;
  readonly alarms: readonly AlarmSnapshot[];
  readonly named: boolean;
  readonly model: TileModel;
}

function drawn(last: Drawn | undefined, bed: BedView, alarms: readonly AlarmSnapshot[], named: boolean): Drawn {
  const same =
    last?.bed === bed &&
    last.named === named &&
    last.alarms.length === alarms.length &&
    alarms.every((alarm, index) => alarm === last.alarms[index]);
  return same ? last : { bed, alarms, named, model: tileModel(bed, alarms, named) };
}

/**
 * The tiles in the order in which they are shown.
 * @param held somebody points at them: nothing moves
 * @param named with the names of staff
 */
export function useTiles(held: boolean, named: boolean): readonly TileModel[] {
  const beds = useFeedPart(({ view }) => view?.beds ?? null);
  const alarms = useAlarms();
  const order = useRef<readonly string[]>([]);
  const movedMs = useRef(Number.NEGATIVE_INFINITY);
  const known = useRef<ReadonlyMap<string, Drawn>>(new Map());
  return useMemo(() => {
    const bySubject = new Map<string, AlarmSnapshot[]>();
    const bedOf = new Map((beds ?? []).map(({ bed, device }) => [device === null ? bed : `device/${device}`, bed]));
    for (const alarm of alarms) {
      const bed = bedOf.get(alarm.subject) ?? alarm.subject;
      const list = bySubject.get(bed);
      if (list === undefined) bySubject.set(bed, [alarm]);
      else list.push(alarm);
    }
    known.current = new Map(
      (beds ?? []).map((bed) => [
        bed.bed,
        drawn(known.current.get(bed.bed), bed, bySubject.get(bed.bed) ?? none, named),
      ]),
    );
    const models = [...known.current.values()].map(({ model }) => model);
    const nowMs = performance.now();
    const wanted = orderBeds(models);
    const next = heldOrder(order.current, wanted, held || nowMs - movedMs.current < restMs);
    if (next !== order.current) movedMs.current = nowMs;
    order.current = next;
    return order.current.flatMap((bed) => known.current.get(bed)?.model ?? []);
  }, [beds, alarms, held, named]);
}
