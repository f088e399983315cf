/** What one station knows of the numbered alarm events: what came, what was painted, what is missing. */
export interface Delivery {
  /** Everything up to here came, or is part of a view that came. Null before the first view. */
  readonly through: number | null;
  /** What came early, ascending: there is a gap before it. */
  readonly ahead: readonly number[];
  /** Highest number that was heard of, in an event or a view. */
  readonly known: number;
  /** When the gap was first seen, and when it was last asked for; local milliseconds. */
  readonly gapSinceMs: number | null;
  readonly askedAtMs: number | null;
  /** Events that were asked for, did not come in time, and are only known through their effect on a view. */
  readonly missed: number;
}

export type DeliveryInput =
  | { readonly kind: 'event'; readonly offset: number; readonly atMs: number }
  | { readonly kind: 'view'; readonly offset: number; readonly atMs: number }
  | { readonly kind: 'connected'; readonly atMs: number }
  | { readonly kind: 'tick'; readonly atMs: number };

export interface DeliveryStep {
  readonly delivery: Delivery;
  /** To be confirmed after the next paint. A repeated event is confirmed again: its first confirmation may be lost. */
  readonly confirm: number | null;
  /** Last offset without a gap before it; the server sends what follows again. */
  readonly ask: number | null;
}

export const askAgainMs = 1_000;
export const giveUpMs = 10_000;
const mostAhead = 2_000;

export const nothingDelivered: Delivery = {
  through: null,
  ahead: [],
  known: -1,
  gapSinceMs: null,
  askedAtMs: null,
  missed: 0,
};

export function deliver(delivery: Delivery, input: DeliveryInput): DeliveryStep {
  switch (input.kind) {
    case 'event':
      return { ...asking(withEvent(delivery, input.offset), input.atMs), confirm: input.offset };
    case 'view':
      return { ...asking(withView(delivery, input.offset), input.atMs), confirm: null };
    case 'connected':
      // Whatever was under way on the old connection is gone, so the question is asked again at once.
      return delivery.through === null
        ? { delivery, confirm: null, ask: null }
        : { delivery: { ...delivery, askedAtMs: input.atMs }, confirm: null, ask: delivery.through };
    case 'tick':
      return { ...asking(givenUp(delivery, input.atMs), input.atMs), confirm: null };
  }
}

function withEvent(delivery: Delivery, offset: number): Delivery {
  const { through, ahead } = delivery;
  if (through !== null && offset <= through) return delivery;
  if (ahead.includes(offset)) return delivery;
  const sorted = [...ahead, offset].sort((a, b) => a - b).slice(0, mostAhead);
  return closed({ ...delivery, ahead: sorted, known: Math.max(delivery.known, offset) });
}

/** Moves everything that is without a gap behind `through`. */
function closed(delivery: Delivery): Delivery {
  if (delivery.through === null) return delivery;
  let through = delivery.through;
  const rest = delivery.ahead.filter((offset) => offset > through);
  while (rest[0] === through + 1) {
    through += 1;
    rest.shift();
  }
  return { ...delivery, through, ahead: rest };
}

function withView(delivery: Delivery, offset: number): Delivery {
  // The first view holds everything that happened before; a much smaller number is another journal.
  const { through, missed } = delivery;
  if (through !== null && through - offset > mostAhead)
    return { ...nothingDelivered, through: offset, known: offset, missed };
  return closed({ ...delivery, through: through ?? offset, known: Math.max(delivery.known, offset) });
}

/** A gap that nobody fills must not be asked for for ever; it is counted and said instead. */
function givenUp(delivery: Delivery, atMs: number): Delivery {
  const { through, ahead, known, gapSinceMs } = delivery;
  if (through === null || gapSinceMs === null || atMs - gapSinceMs < giveUpMs) return delivery;
  const end = (ahead[0] ?? known + 1) - 1;
  return closed({
    ...delivery,
    through: end,
    gapSinceMs: null,
    askedAtMs: null,
    missed: delivery.missed + end - through,
  });
}

function asking(delivery: Delivery, atMs: number): Omit<DeliveryStep, 'confirm'> {
  const { through, known, gapSinceMs, askedAtMs } = delivery;
  if (through === null || through >= known)
    return { delivery: { ...delivery, gapSinceMs: null, askedAtMs: null }, ask: null };
  const since = gapSinceMs ?? atMs;
  if (askedAtMs !== null && atMs - askedAtMs < askAgainMs)
    return { delivery: { ...delivery, gapSinceMs: since }, ask: null };
  return { delivery: { ...delivery, gapSinceMs: since, askedAtMs: atMs }, ask: through };
}
