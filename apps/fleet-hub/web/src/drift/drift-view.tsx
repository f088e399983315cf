import { Skeleton } from '@mantine/core';
import {
  DistributionLegend,
  formatCount,
  formatDateTime,
  formatPercent,
  formatShortTime,
  Mark,
  Panel,
  RequestFault,
  useRequest,
  withLocalTimes,
  tableStyles as tables,
} from '@edge-blueprints/web-kit';
import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import { AlarmExamples } from './alarm-examples.js';
import { orderDevices, orderFeatures, standingAlarms } from './drift-order.js';
import type { DriftDevice } from './drift-order.js';
import styles from './drift-view.module.css';
import { FeatureCard } from './feature-card.js';

interface Props {
  readonly site: string | null;
  readonly device: string | null;
}

const refreshMs = 15_000;
const text = strings.drift;

/** Level 3: which input has moved away from what the model was made for, since when, how far. */
export function DriftView({ site, device }: Props): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('drift', () => api.drift());
  useEffect(() => {
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [reload]);
  const read = request.state === 'done' ? request.value.devices : null;
  const devices = useMemo(() => (read === null ? [] : orderDevices(read)), [read]);
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  if (request.state === 'loading')
    return (
      <div className={styles.view} aria-busy="true">
        <Skeleton height={420} />
        <Skeleton height={420} />
      </div>
    );
  const chosen = devices.find((each) => each.site === site && each.device === device) ?? devices[0];
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel title={text.devices} aside={<span>{formatCount(devices.length)}</span>} className={styles.list}>
        {devices.length === 0 && <p className={tables.empty}>{text.none}</p>}
        <ul className={styles.devices}>
          {devices.map((each) => (
            <DeviceEntry key={`${each.site}/${each.device}`} device={each} current={each === chosen} />
          ))}
        </ul>
      </Panel>
      {chosen !== undefined && <DriftDetail device={chosen} />}
    </div>
  );
}

function DeviceEntry({ device, current }: { readonly device: DriftDevice; readonly current: boolean }): ReactNode {
  const alarms = standingAlarms(device).length;
  return (
    <li>
      <a
        className={styles.entry}
        aria-current={current ? 'true' : undefined}
        href={routeHref({ page: 'drift', site: device.site, device: device.device })}
      >
        <Mark kind={alarms > 0 ? 'act' : 'ok'} size={18} />
        <span>
          {device.site}/{device.device}
        </span>
        <small>{alarms > 0 ? text.alarms(alarms) : text.quiet}</small>
      </a>
    </li>
  );
}

function DriftDetail({ device }: { readonly device: DriftDevice }): ReactNode {
  const { report } = device;
  const alarms = standingAlarms(device);
  const features = useMemo(() => orderFeatures(report.features), [report.features]);
  const accuracy = report.estimatedAccuracy;
  return (
    <div className={styles.detail}>
      {alarms.map((alarm) => (
        <section key={alarm.alarm} className={styles.alarm} aria-label={alarm.feature}>
          <Mark kind="act" size={26} />
          <div>
            <p className={styles.sentence}>{withLocalTimes(alarm.explanation)}</p>
            <p className={styles.soft}>{text.since(formatDateTime(alarm.since))}</p>
            {alarm.examples.length > 0 && <AlarmExamples device={device} examples={alarm.examples} />}
          </div>
        </section>
      ))}
      <div className={styles.facts}>
        <dl>
          <div>
            <dt>{text.report}</dt>
            <dd>
              {text.window(
                formatShortTime(report.windowFrom),
                formatShortTime(report.windowTo),
                formatCount(report.parts),
              )}
            </dd>
          </div>
          <div>
            <dt>{text.bundle}</dt>
            <dd>
              {report.bundle} {report.bundleVersion}
            </dd>
          </div>
          <div>
            <dt>{text.falseAlarms}</dt>
            <dd>{text.perMonth(formatCount(report.falseAlarmsPerMonth))}</dd>
          </div>
          <div>
            <dt>
              {text.estimated} <em className={styles.estimate}>{text.estimate}</em>
            </dt>
            <dd>
              {accuracy === null
                ? strings.none
                : text.estimateValue(
                    formatPercent(accuracy.value),
                    formatPercent(accuracy.low),
                    formatPercent(accuracy.high),
                  )}
            </dd>
          </div>
        </dl>
        <a href={routeHref({ page: 'device', site: device.site, device: device.device })}>{text.open}</a>
      </div>
      <Panel title={text.features} aside={<DistributionLegend />}>
        <div className={styles.features}>
          {features.map((feature) => (
            <FeatureCard key={feature.feature} feature={feature} />
          ))}
        </div>
        <p className={styles.soft}>{text.rule}</p>
      </Panel>
    </div>
  );
}
