import { useRequest } from '@edge-blueprints/web-kit';
import type { Request } from '@edge-blueprints/web-kit';
import type { DeviceDetailView } from '@edge-blueprints/contracts';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../session/session-context.js';

const refreshMs = 5_000;

/** One device, read again while it is shown; what was read stays on the page until the next answer. */
export function useDevice(
  site: string,
  device: string,
): { readonly request: Request<DeviceDetailView>; reload(): void } {
  const api = useApi();
  const { request, reload } = useRequest(`${site}/${device}`, () => api.device(site, device));
  const busy = useRef(false);
  busy.current = request.state === 'loading';
  const [held, setHeld] = useState<DeviceDetailView | null>(null);
  useEffect(() => {
    if (request.state === 'done') setHeld(request.value);
  }, [request]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!busy.current && document.visibilityState === 'visible') reload();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [reload]);
  const shown = request.state !== 'done' && held !== null ? { state: 'done' as const, value: held } : request;
  return { request: shown, reload };
}
