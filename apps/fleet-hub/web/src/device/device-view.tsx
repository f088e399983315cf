import { Skeleton } from '@mantine/core';
import {
  Facts,
  formatAge,
  formatCount,
  formatDateTime,
  formatMs,
  Panel,
  RequestFault,
  useNow,
  tableStyles as tables,
} from '@edge-blueprints/web-kit';
import type { DeviceDetailView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { AlertTable } from '../alerts/alert-table.js';
import { useFeedPart } from '../feed/feed-context.js';
import { healthTone } from '../fleet/health.js';
import { HealthMark } from '../fleet/health-mark.js';
import { ActButton } from '../session/act-button.js';
import { strings } from '../strings.js';
import { DeliveryPanel, GapsPanel } from './delivery-panels.js';
import styles from './device-view.module.css';
import { LatencyPanel } from './latency-panel.js';
import { providerName } from './quantile-text.js';
import { RevokeDialog } from './revoke-dialog.js';
import { SeriesPanel } from './series-panel.js';
import { stationPage } from './station-page.js';
import { useDevice } from './use-device.js';
import { VerdictsPanel } from './verdicts-panel.js';

const text = strings.device;

/** Level 2: what is wrong with one device, and the proof that nothing of it was lost. */
export function DeviceView({ site, device }: { readonly site: string; readonly device: string }): ReactNode {
  const { request, reload } = useDevice(site, device);
  // The pushed row is younger than the page's own reading.
  const pushed = useFeedPart((state) => state.devices.find((each) => each.site === site && each.device === device));
  const [revoking, setRevoking] = useState(false);
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  if (request.state === 'loading')
    return (
      <div className={styles.grid} aria-busy="true">
        <Skeleton height={72} className={styles.wide ?? ''} />
        <Skeleton height={360} className={styles.what ?? ''} />
        <Skeleton height={360} className={styles.side ?? ''} />
      </div>
    );
  const view = request.value;
  const row = pushed ?? view.row;
  return (
    <>
      <header className={styles.head} data-tone={healthTone[row.health]}>
        <HealthMark health={row.health} size={34} />
        <div>
          <h1>
            <small>{site} / </small>
            {device}
          </h1>
          <span className={styles.state}>
            {strings.health[row.health]}
            {row.health !== 'revoked' && ` · ${view.online ? text.online : text.offline}`}
            {row.simulated && ` · ${strings.rig}`}
          </span>
        </div>
        <p className={styles.reason}>{row.reason}</p>
        <div className={styles.acts}>
          {stationPage(view.pageUrl) !== null && (
            <a href={view.pageUrl ?? ''} target="_blank" rel="noreferrer">
              {text.ownPage}
            </a>
          )}
          <ActButton needs="admin" disabled={row.health === 'revoked'} onClick={() => setRevoking(true)}>
            {text.revoke}
          </ActButton>
        </div>
      </header>
      <div className={styles.grid}>
        <div className={styles.what}>
          <WhatPanel view={view} lastSeenAt={row.lastSeenAt} backlog={row.backlog} />
        </div>
        <div className={styles.side}>
          <LatencyPanel latencies={view.latencies} />
          <DeliveryPanel epochs={view.epochs} />
        </div>
        <div className={styles.verdictPanel}>
          <VerdictsPanel verdicts={view.verdicts} rejectShare={view.rejectShare} />
        </div>
        <SeriesPanel series={view.series} className={styles.wide} />
        <GapsPanel gaps={view.gaps} className={styles.half} />
        <Panel title={text.alerts} className={styles.half}>
          {view.alerts.length === 0 ? (
            <p className={tables.empty}>{text.noAlerts}</p>
          ) : (
            <AlertTable alerts={view.alerts} short onChanged={reload} />
          )}
        </Panel>
      </div>
      <RevokeDialog
        site={site}
        device={device}
        opened={revoking}
        onClose={(done) => {
          setRevoking(false);
          if (done) reload();
        }}
      />
    </>
  );
}

interface WhatProps {
  readonly view: DeviceDetailView;
  readonly lastSeenAt: string | null;
  readonly backlog: number | null;
}

function WhatPanel({ view, lastSeenAt, backlog }: WhatProps): ReactNode {
  const now = useNow();
  return (
    <Panel title={text.what}>
      <Facts
        rows={[
          {
            name: text.lastSeen,
            value: lastSeenAt === null ? strings.none : strings.fleet.ago(formatAge(now - Date.parse(lastSeenAt))),
            title: formatDateTime(lastSeenAt),
          },
          { name: text.backlog, value: backlog === null ? text.unknown : formatCount(backlog) },
          { name: text.clock, value: clockText(view.clockSkewMs) },
          { name: text.app, value: `${view.row.app} ${view.version}` },
          { name: text.bundle, value: `${view.bundle} ${view.row.bundleVersion}` },
          { name: text.variant, value: view.variant },
          { name: text.provider, value: `${providerName(view.provider)}, ${view.row.target}`, title: view.provider },
          { name: text.boot, value: <span className="mono">{view.boot?.slice(0, 8) ?? strings.none}</span> },
          { name: text.firstSeen, value: formatDateTime(view.firstSeenAt) },
        ]}
      />
    </Panel>
  );
}

function clockText(skewMs: number | null): string {
  if (skewMs === null) return text.unknown;
  if (Math.abs(skewMs) < 500) return text.clockSame;
  const size = Math.abs(skewMs) < 60_000 ? formatMs(Math.abs(skewMs)) : formatAge(Math.abs(skewMs));
  return skewMs > 0 ? text.clockAhead(size) : text.clockBehind(size);
}

/** The address comes from the device: only a web address becomes a link. */
