import { useRequest } from '@edge-blueprints/web-kit';
import type { DriftAlarm } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { stationPartHref } from '../device/station-page.js';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import type { DriftDevice } from './drift-order.js';
import styles from './drift-view.module.css';

const mostShown = 6;
const text = strings.drift;

interface Props {
  readonly device: Pick<DriftDevice, 'site' | 'device'>;
  readonly examples: DriftAlarm['examples'];
}

/** Parts that show a drift. Their pictures are on the station alone, so its page shows them. */
export function AlarmExamples({ device: { site, device }, examples }: Props): ReactNode {
  const api = useApi();
  const { request } = useRequest(`${site}/${device}`, () => api.device(site, device));
  const pageUrl = request.state === 'done' ? request.value.pageUrl : null;
  const shown = examples
    .slice(0, mostShown)
    .map((resultId) => ({ resultId, href: stationPartHref(pageUrl, resultId) }));
  return (
    <p className={styles.examples}>
      {text.examples}:{' '}
      {shown.map(({ resultId, href }) =>
        href === null ? (
          <span key={resultId} className="mono">
            {resultId}
          </span>
        ) : (
          <a key={resultId} className="mono" href={href} target="_blank" rel="noreferrer">
            {resultId}
          </a>
        ),
      )}
      {request.state !== 'loading' && (
        <small>{shown.some(({ href }) => href !== null) ? text.examplesThere : text.examplesNowhere}</small>
      )}
    </p>
  );
}
