import type { QueueEvent } from './walkers/queue-event.js';

export interface TrueQueueVisit {
  readonly queue: string;
  readonly person: number;
  readonly party: number;
  readonly joinedS: number;
  /** Reached the service point, with its party. */
  readonly servedS: number | undefined;
  /** Out of the chain, paid or given up. */
  readonly leftS: number | undefined;
  readonly outcome: 'waiting' | 'in-service' | 'served' | 'abandoned';
}

/** How many stand in the chain from `fromS` on, who is served included. */
export interface TrueQueueLength {
  readonly fromS: number;
  readonly people: number;
  readonly parties: number;
}

interface Stand {
  readonly party: number;
  readonly joinedS: number;
  servedS: number | undefined;
}

/** Book of one queue, kept from what truly happened. */
export function createQueueTruth(queue: string): {
  take(event: QueueEvent): { readonly visit: TrueQueueVisit | undefined; readonly length: TrueQueueLength };
  open(): readonly TrueQueueVisit[];
} {
  const standing = new Map<number, Stand>();
  const lengthAt = (fromS: number): TrueQueueLength => ({
    fromS,
    people: standing.size,
    parties: new Set([...standing.values()].map(({ party }) => party)).size,
  });
  return {
    take: ({ kind, person, party, atS }) => {
      const stand = standing.get(person);
      let visit: TrueQueueVisit | undefined;
      if (kind === 'joined') standing.set(person, { party, joinedS: atS, servedS: undefined });
      else if (stand !== undefined && kind === 'served') stand.servedS = atS;
      else if (stand !== undefined) {
        standing.delete(person);
        const { joinedS, servedS } = stand;
        visit = {
          queue,
          person,
          party,
          joinedS,
          servedS,
          leftS: atS,
          outcome: kind === 'left' ? 'served' : 'abandoned',
        };
      }
      return { visit, length: lengthAt(atS) };
    },
    open: () =>
      [...standing].map(([person, { party, joinedS, servedS }]) => ({
        queue,
        person,
        party,
        joinedS,
        servedS,
        leftS: undefined,
        outcome: servedS === undefined ? 'waiting' : 'in-service',
      })),
  };
}
