import { SegmentedControl, Skeleton } from '@mantine/core';
import { asApiError, Panel, RequestFault, useRequest, tableStyles as tables } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { ActButton } from '../session/act-button.js';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import { navigate } from '../use-hub-route.js';
import { orderAlerts } from './alert-order.js';
import { AlertTable } from './alert-table.js';
import styles from './alerts-view.module.css';

const mostShown = 300;
const gatherMs = 700;
const text = strings.alerts;

/** Level 3: what was raised, who has taken it on, where it was sent. */
export function AlertsView({ state }: { readonly state: 'open' | 'all' }): ReactNode {
  const api = useApi();
  const pushed = useFeedPart((state) => state.alerts);
  const { request, reload } = useRequest(state, () => api.alerts(state, mostShown));
  const [tested, setTested] = useState<boolean | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  // A push says that something changed; the list is read again as a whole, with its history, once for a burst of pushes.
  useEffect(() => {
    const timer = setTimeout(reload, gatherMs);
    return () => clearTimeout(timer);
  }, [pushed, reload]);
  const read = request.state === 'done' ? request.value : null;
  const alerts = useMemo(() => (read === null ? null : orderAlerts(read)), [read]);
  const test = (): void => {
    setFault(null);
    api.testOutputs().then(
      () => setTested(true),
      (error: unknown) => setFault(asApiError(error)),
    );
  };
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel
        title={text.title}
        aside={
          <>
            <span role="status">{tested === true ? text.tested : ''}</span>
            <ActButton needs="admin" size="sm" onClick={test}>
              {text.test}
            </ActButton>
          </>
        }
      >
        <SegmentedControl
          aria-label={text.state}
          className={styles.filter ?? ''}
          value={state}
          onChange={(value) => navigate({ page: 'alerts', state: value === 'all' ? 'all' : 'open' })}
          data={[
            { value: 'open', label: text.open },
            { value: 'all', label: text.all },
          ]}
        />
        {fault !== null && <RequestFault error={fault} />}
        {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
        {request.state === 'loading' && <Skeleton height={200} />}
        {alerts !== null && alerts.length === 0 && (
          <p className={tables.empty}>{state === 'open' ? text.none : text.noneAtAll}</p>
        )}
        {alerts !== null && alerts.length > 0 && <AlertTable alerts={alerts} onChanged={reload} />}
      </Panel>
    </div>
  );
}
