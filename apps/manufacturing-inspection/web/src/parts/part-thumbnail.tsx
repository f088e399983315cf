import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { EvidenceImage } from './evidence-image.js';
import { usePartRecord } from './use-part-record.js';

const attempts = 3;
const retryMs = 2_000;

/** A record may reach the store a moment after its part reached the strip, so a miss is asked for again. */
export function PartThumbnail({ resultId }: { readonly resultId: string }): ReactNode {
  const { request, reload } = usePartRecord(resultId);
  const tried = useRef(0);
  useEffect(() => {
    if (request.state !== 'failed' || tried.current >= attempts) return;
    tried.current += 1;
    const timer = setTimeout(reload, retryMs);
    return () => clearTimeout(timer);
  }, [request.state, reload]);
  return <EvidenceImage record={request.state === 'done' ? request.value : null} />;
}
