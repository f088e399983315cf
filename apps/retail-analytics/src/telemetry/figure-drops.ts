import type { FloorCounters } from '../floor/floor-port.js';
import type { MeasureCounters } from '../measures/measures-port.js';

/**
 * Totals of what floor and measures let go because of a bound or a fault, by cause. Totals that follow the number of people
 * (in masks, in staff areas, lost at a line) are no drops and are told to nobody.
 */
export function figureDrops(floor: FloorCounters, measures: MeasureCounters): Readonly<Record<string, number>> {
  return {
    'floor.beyond-capacity': floor.beyondCapacity,
    'measures.beyond-capacity': measures.beyondCapacity,
    'measures.out-of-order': measures.outOfOrder,
  };
}
