import { Skeleton } from '@mantine/core';
import {
  formatCount,
  formatDateTime,
  formatScore,
  formatShortTime,
  Mark,
  Panel,
  RequestFault,
  useRequest,
  tableStyles as tables,
} from '@edge-blueprints/web-kit';
import type { HubStoresView } from '@edge-blueprints/contracts';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import { sumOf, trendOf } from './store-sums.js';
import type { NoisySum } from './store-sums.js';
import styles from './stores-view.module.css';
import { Trend } from './trend.js';

type Store = HubStoresView['stores'][number];
const refreshMs = 15_000;
const text = strings.stores;

/** Every store by what it released: came in, went out, trend, quality. No store shows more here than it exported. */
export function StoresView(): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('stores', () => api.stores());
  useEffect(() => {
    const timer = setInterval(reload, refreshMs);
    return () => clearInterval(timer);
  }, [reload]);
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  if (request.state === 'loading') return <Skeleton height={420} aria-busy="true" />;
  const { stores } = request.value;
  return (
    <>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel title={text.title} aside={<span>{formatCount(stores.length)}</span>}>
        <p className={styles.soft}>{text.private}</p>
        {stores.length === 0 ? (
          <p className={tables.empty}>{text.none}</p>
        ) : (
          <div className={tables.scroll}>
            <table className={tables.table}>
              <thead>
                <tr>
                  <th scope="col">{text.store}</th>
                  <th scope="col">{text.came}</th>
                  <th scope="col">{text.left}</th>
                  <th scope="col">{text.trend}</th>
                  <th scope="col">{text.lastWindow}</th>
                  <th scope="col">{text.quality}</th>
                  <th scope="col">{text.epsilon}</th>
                </tr>
              </thead>
              <tbody>
                {stores.map((store) => (
                  <StoreRow key={`${store.site}/${store.device}/${store.store}`} store={store} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
    </>
  );
}

function StoreRow({ store }: { readonly store: Store }): ReactNode {
  const { counts } = store;
  const first = counts[0];
  const last = counts.at(-1);
  const trend = trendOf(counts);
  const told = trend.map((value) => (value === null ? text.suppressed : formatCount(value))).join(', ');
  const quality = last?.quality ?? 'unknown';
  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'device', site: store.site, device: store.device })}>{store.store}</a>
        <div className={styles.soft}>
          {store.site}/{store.device}
          {last?.simulated === true && `, ${strings.rig}`}
        </div>
      </th>
      <Figure sum={sumOf(counts, 'in')} note={first && text.windows(counts.length, formatDateTime(first.windowFrom))} />
      <Figure sum={sumOf(counts, 'out')} />
      <td>
        <Trend values={trend} alt={text.trendAlt(store.store, told)} />
      </td>
      <td>{last ? `${formatShortTime(last.windowFrom)} – ${formatShortTime(last.windowTo)}` : strings.none}</td>
      <td>
        <Mark kind={quality === 'good' ? 'ok' : 'act'} size={16} /> {text.qualities[quality]}
        {store.forked && (
          <div className={tables.asks}>
            <Mark kind="act" size={16} /> {text.forked}
          </div>
        )}
        {(last?.qualityReasons ?? []).map((reason) => (
          <div key={reason} className={styles.soft}>
            {reason}
          </div>
        ))}
      </td>
      <td className={tables.number}>{formatScore(counts.reduce((sum, { epsilon }) => sum + epsilon, 0))}</td>
    </tr>
  );
}

function Figure({ sum, note }: { readonly sum: NoisySum | undefined; readonly note?: string | undefined }): ReactNode {
  return (
    <td>
      <span className={styles.figure}>
        {sum === undefined
          ? text.suppressed
          : text.plusMinus(formatCount(sum.value), formatCount(Math.ceil(sum.error95)))}
      </span>
      {note !== undefined && <div className={styles.soft}>{note}</div>}
    </td>
  );
}
