import { formatAge, formatCount, useNow } from '@edge-blueprints/web-kit';
import type { DeviceRowView } from '@edge-blueprints/contracts';
import { memo, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { strings } from '../strings.js';
import { navigate } from '../use-hub-route.js';
import styles from './device-matrix.module.css';
import { asksForAct, countHealth, deviceKey, healthOrder } from './health.js';
import { HealthWord } from './health-mark.js';
import { cellOf, layOutMatrix, moved, siteRuns, under } from './matrix-layout.js';
import type { MatrixMove } from './matrix-layout.js';
import { useMatrixCanvas } from './use-matrix-canvas.js';

interface Props {
  readonly rows: readonly DeviceRowView[];
  onSite(site: string): void;
}

const moves: Readonly<Record<string, MatrixMove>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
  PageDown: 'next-site',
  PageUp: 'previous-site',
};
const labelWidth = 132;

/**
 * Every device as a shape, one row of shapes a site. Drawn on a canvas of the visible part, so that ten thousand devices
 * cost as much memory as five; a list box of one option tells screen readers what is chosen.
 */
export const DeviceMatrix = memo(function DeviceMatrix({ rows, onSite }: Props): ReactNode {
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [chosenKey, setChosenKey] = useState<string | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [focused, setFocused] = useState(false);
  const [size, setSize] = useState({ width: 0, height: 0 });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A change of health moves nothing: the layout depends on which devices there are, not on how they are.
  const places = rows.map((row) => row.site).join('\n');
  const layout = useMemo(
    () => layOutMatrix(siteRuns(rows), Math.max(size.width - 4, 320), size.height, labelWidth),
    [places, size.width, size.height],
  );
  const chosen = useMemo(() => {
    const index = chosenKey === null ? -1 : rows.findIndex((row) => deviceKey(row) === chosenKey);
    return index < 0 ? null : index;
  }, [rows, chosenKey]);
  const canvas = useMatrixCanvas(scroller, size, { layout, rows, chosen, hovered, focused });
  const summary = useMemo(() => summaryOf(rows), [rows]);

  const choose = (index: number): void => {
    const row = rows[index];
    const element = scroller.current;
    const cell = cellOf(layout, index);
    if (row === undefined || element === null || cell === null) return;
    setChosenKey(deviceKey(row));
    setHovered(null);
    if (cell.top < element.scrollTop) element.scrollTop = cell.top - 4;
    else if (cell.top + layout.pitch > element.scrollTop + element.clientHeight)
      element.scrollTop = cell.top + layout.pitch + 4 - element.clientHeight;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
    const move = moves[event.key];
    const at = chosen ?? 0;
    if (move !== undefined) choose(chosen === null ? 0 : moved(layout, at, move));
    else if (event.key === 'n' || event.key === 'p') choose(nextAsking(rows, at, event.key === 'n' ? 1 : -1));
    else if (event.key === 'Enter' && chosen !== null) open(rows[chosen]);
    else return;
    event.preventDefault();
  };
  const pointAt = (event: { readonly clientX: number; readonly clientY: number }) => {
    const element = scroller.current;
    if (element === null) return null;
    const box = element.getBoundingClientRect();
    return under(layout, event.clientX - box.left, event.clientY - box.top + element.scrollTop);
  };

  const told = rows[hovered ?? chosen ?? -1];
  return (
    <div className={styles.matrix}>
      <div
        ref={scroller}
        id="device-matrix"
        className={styles.scroller}
        role="listbox"
        tabIndex={0}
        aria-label={strings.fleet.matrixLabel(formatCount(rows.length), summary)}
        aria-describedby={`${id}-help`}
        aria-activedescendant={`${id}-chosen`}
        onKeyDown={onKey}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onPointerMove={(event) => {
          const found = pointAt(event);
          setHovered(found?.kind === 'device' ? found.index : null);
          event.currentTarget.style.cursor = found === null ? 'default' : 'pointer';
        }}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => {
          const found = pointAt(event);
          if (found?.kind === 'device') open(rows[found.index]);
          else if (found?.kind === 'site') onSite(found.site);
        }}
      >
        <div className={styles.spacer} style={{ height: Math.max(layout.height, size.height - 4) }}>
          <canvas ref={canvas} className={styles.canvas} aria-hidden="true" />
        </div>
        <div
          id={`${id}-chosen`}
          className="hidden-text"
          role="option"
          aria-selected={chosen !== null}
          aria-posinset={(chosen ?? 0) + 1}
          aria-setsize={rows.length}
        >
          {tellOf(rows[chosen ?? 0])}
        </div>
      </div>
      <p id={`${id}-help`} className="hidden-text">
        {strings.fleet.matrixHelp}
      </p>
      <MatrixDetail row={told} />
    </div>
  );
});

function MatrixDetail({ row }: { readonly row: DeviceRowView | undefined }): ReactNode {
  const now = useNow();
  if (row === undefined)
    return (
      <div className={styles.detail}>
        <span className={styles.soft}>{strings.fleet.pick}</span>
      </div>
    );
  return (
    <div className={styles.detail}>
      <HealthWord health={row.health} />
      <a className={styles.name} href={routeHref({ page: 'device', site: row.site, device: row.device })}>
        {deviceKey(row)}
      </a>
      <span className={styles.reason} title={row.reason}>
        {row.reason}
      </span>
      <span className={styles.soft}>
        {row.lastSeenAt === null
          ? strings.fleet.neverSeen
          : strings.fleet.seen(formatAge(now - Date.parse(row.lastSeenAt)))}
      </span>
      {row.backlog !== null && row.backlog > 0 && (
        <span className={styles.soft}>{strings.fleet.backlog(formatCount(row.backlog))}</span>
      )}
    </div>
  );
}

function open(row: DeviceRowView | undefined): void {
  if (row !== undefined) navigate({ page: 'device', site: row.site, device: row.device });
}

function tellOf(row: DeviceRowView | undefined): string {
  return row === undefined ? '' : strings.fleet.cell(deviceKey(row), strings.health[row.health], row.reason);
}

function summaryOf(rows: readonly DeviceRowView[]): string {
  const counts = countHealth(rows);
  return healthOrder
    .filter((health) => counts[health] > 0)
    .map((health) => `${formatCount(counts[health])} ${strings.health[health].toLowerCase()}`)
    .join(', ');
}

/** The next device that asks for an act, around the end; where it stands when there is none. */
function nextAsking(rows: readonly DeviceRowView[], from: number, step: 1 | -1): number {
  for (let n = 1; n <= rows.length; n++) {
    const index = (((from + step * n) % rows.length) + rows.length) % rows.length;
    const row = rows[index];
    if (row !== undefined && asksForAct(row.health)) return index;
  }
  return from;
}
