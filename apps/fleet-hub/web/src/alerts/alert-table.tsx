import { formatDateTime, Mark, withLocalTimes } from '@edge-blueprints/web-kit';
import type { AlertView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { ActButton } from '../session/act-button.js';
import { strings } from '../strings.js';
import { AcknowledgeDialog } from './acknowledge-dialog.js';
import styles from './alert-table.module.css';
import { alertPlace } from './announced-alerts.js';

interface Props {
  readonly alerts: readonly AlertView[];
  /** On a device's own page: without the place and the outputs. */
  readonly short?: boolean;
  onChanged(): void;
}

const text = strings.alerts;

export function AlertTable({ alerts, short = false, onChanged }: Props): ReactNode {
  const [asked, setAsked] = useState<AlertView | null>(null);
  return (
    <>
      <ul className={styles.list}>
        {alerts.map((alert) => (
          <li key={alert.id} className={styles.alert} data-short={short || undefined}>
            <Mark kind={markOf(alert)} size={20} />
            <div className={styles.what}>
              <p>
                <strong>{text.kinds[alert.kind]}</strong>
                {!short && <Place alert={alert} />}
              </p>
              <p>{withLocalTimes(alert.text)}</p>
              <p className={styles.soft}>
                {text.raised(formatDateTime(alert.raisedAt))}
                {alert.clearedAt !== null && `, ${text.cleared(formatDateTime(alert.clearedAt))}`}
              </p>
            </div>
            {!short && <Outputs alert={alert} />}
            <div className={styles.taken}>
              {alert.acknowledgedBy !== null ? (
                <>
                  <p>{text.acknowledged(alert.acknowledgedBy, formatDateTime(alert.acknowledgedAt))}</p>
                  <p className={styles.soft}>{alert.note}</p>
                </>
              ) : (
                alert.clearedAt === null && (
                  <ActButton needs="operator" size="sm" onClick={() => setAsked(alert)}>
                    {text.acknowledge}
                  </ActButton>
                )
              )}
            </div>
          </li>
        ))}
      </ul>
      {asked !== null && (
        <AcknowledgeDialog
          alert={asked}
          onClose={(done) => {
            setAsked(null);
            if (done) onChanged();
          }}
        />
      )}
    </>
  );
}

function Place({ alert }: { readonly alert: AlertView }): ReactNode {
  const place = alertPlace(alert);
  const ofSite = place === text.site(alert.site);
  const href = ofSite
    ? routeHref({ page: 'fleet', as: 'matrix', filter: { search: '', site: alert.site, health: [] } })
    : routeHref(
        alert.kind === 'drift'
          ? { page: 'drift', site: alert.site, device: alert.device }
          : { page: 'device', site: alert.site, device: alert.device },
      );
  return <a href={href}>{place}</a>;
}

function Outputs({ alert }: { readonly alert: AlertView }): ReactNode {
  if (alert.outputs.length === 0) return <p className={styles.outputs}>{text.noOutput}</p>;
  return (
    <ul className={styles.outputs} aria-label={text.columns.outputs}>
      {alert.outputs.map((each) => (
        <li key={each.output} title={each.detail} data-state={each.state}>
          <Mark kind={each.state === 'sent' ? 'ok' : each.state === 'failed' ? 'act' : 'wait'} size={14} />
          {each.output} {text.outputs[each.state]}
        </li>
      ))}
    </ul>
  );
}

function markOf(alert: AlertView): 'ok' | 'stop' | 'act' {
  if (alert.clearedAt !== null) return 'ok';
  return alert.severity === 'alarm' ? 'stop' : 'act';
}
