import type { PartSummary } from '@edge-blueprints/contracts';
import { useState } from 'react';
import { advanceRing, emptyRing } from './strip-ring.js';
import type { StripRing } from './strip-ring.js';

/** Carries the ring from view to view; the same list of parts gives the same ring object. */
export function useStripRing(recent: readonly PartSummary[] | null): StripRing {
  const [held, setHeld] = useState<{ readonly recent: readonly PartSummary[] | null; readonly ring: StripRing }>({
    recent: null,
    ring: emptyRing,
  });
  if (recent === held.recent || recent === null) return held.ring;
  const ring = advanceRing(held.ring, recent);
  setHeld({ recent, ring });
  return ring;
}
