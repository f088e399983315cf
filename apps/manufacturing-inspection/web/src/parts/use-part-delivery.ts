import type { PartDelivery, PartRecord } from '@edge-blueprints/contracts';
import { useEffect } from 'react';
import { useRequest } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { useApi } from '../session/api-context.js';

/** What the MES knows of a part; asked again while a message of it waits and the MES takes or fails others. */
export function usePartDelivery({ resultId, overrule }: PartRecord): PartDelivery | null {
  const api = useApi();
  const { request, reload } = useRequest(`${resultId} ${overrule?.at ?? ''}`, () => api.delivery(resultId));
  const delivery = request.state === 'done' ? request.value : null;
  const mes = useView()?.mes;
  useEffect(() => {
    if (delivery?.state === 'waiting') reload();
    // Only a change at the MES is worth another question.
  }, [mes?.delivered, mes?.state, mes?.dropped]);
  return delivery;
}
