import { formatAge, formatCount, useNow } from '@edge-blueprints/web-kit';
import type { DeviceRowView } from '@edge-blueprints/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { strings } from '../strings.js';
import { sortDevices } from './device-sort.js';
import type { DeviceSort, SortKey } from './device-sort.js';
import styles from './device-table.module.css';
import { deviceKey } from './health.js';
import { HealthWord } from './health-mark.js';

const rowPx = 44;
const text = strings.fleet.columns;

const columns: readonly { readonly name: string; readonly sort: SortKey | null; readonly number?: boolean }[] = [
  { name: text.device, sort: 'device' },
  { name: text.health, sort: 'health' },
  { name: text.reason, sort: null },
  { name: text.lastSeen, sort: 'lastSeen', number: true },
  { name: text.backlog, sort: 'backlog', number: true },
  { name: text.lost, sort: 'lost', number: true },
  { name: text.alerts, sort: 'alerts', number: true },
  { name: text.bundle, sort: 'bundle' },
];
/** Figures are first wanted large, names small. */
const largestFirst: readonly SortKey[] = ['backlog', 'lost', 'alerts'];

/** The same devices as rows; only the rows in sight exist. */
export function DeviceTable({ rows }: { readonly rows: readonly DeviceRowView[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<DeviceSort>({ key: 'health', descending: false });
  const sorted = useMemo(() => sortDevices(rows, sort), [rows, sort]);
  const now = useNow();
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 8,
  });
  const turn = (key: SortKey): void =>
    setSort((held) => ({
      key,
      descending: held.key === key ? !held.descending : largestFirst.includes(key),
    }));
  return (
    <div ref={box} className={styles.box} tabIndex={0} role="group" aria-label={strings.fleet.devices}>
      <div role="table" aria-rowcount={sorted.length + 1} aria-label={strings.fleet.devices}>
        <div role="rowgroup">
          <div role="row" aria-rowindex={1} className={`${styles.row} ${styles.head}`}>
            {columns.map(({ name, sort: key, number }) => (
              <div
                key={name}
                role="columnheader"
                className={number ? styles.number : undefined}
                aria-sort={key !== sort.key ? undefined : sort.descending ? 'descending' : 'ascending'}
              >
                {key === null ? (
                  <span className={styles.soft}>{name}</span>
                ) : (
                  <button type="button" onClick={() => turn(key)} title={strings.fleet.sortBy(name)}>
                    {name}
                  </button>
                )}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = sorted[index];
            return (
              row && (
                <div
                  key={deviceKey(row)}
                  role="row"
                  aria-rowindex={index + 2}
                  className={styles.row}
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Cells row={row} now={now} />
                </div>
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells({ row, now }: { readonly row: DeviceRowView; readonly now: number }): ReactNode {
  const number = `${styles.cell} ${styles.number}`;
  return (
    <>
      <div role="cell" className={`${styles.cell} ${styles.name}`}>
        <a href={routeHref({ page: 'device', site: row.site, device: row.device })}>{deviceKey(row)}</a>
      </div>
      <div role="cell" className={styles.cell}>
        <HealthWord health={row.health} />
      </div>
      <div role="cell" className={styles.cell} title={row.reason}>
        {row.reason}
      </div>
      <div role="cell" className={number} title={row.lastSeenAt ?? undefined}>
        {row.lastSeenAt === null
          ? strings.none
          : strings.fleet.ago(formatAge(Math.max(0, now - Date.parse(row.lastSeenAt))))}
      </div>
      <div role="cell" className={number}>
        {row.backlog === null ? strings.none : formatCount(row.backlog)}
      </div>
      <div role="cell" className={row.declaredLost > 0 ? `${number} ${styles.asks}` : number}>
        {formatCount(row.declaredLost)}
      </div>
      <div role="cell" className={number}>
        {row.openAlerts === 0 ? '' : formatCount(row.openAlerts)}
      </div>
      <div role="cell" className={`${styles.cell} ${styles.soft}`}>
        {row.bundleVersion}
      </div>
    </>
  );
}
