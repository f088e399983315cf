import { Skeleton } from '@mantine/core';
import { formatCount, Panel } from '@edge-blueprints/web-kit';
import { useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { rewriteAddress } from '../use-hub-route.js';
import { DeviceCards, mostCards } from './device-cards.js';
import { filterDevices, isEmptyFilter, toggled } from './device-filter.js';
import type { DeviceFilter } from './device-filter.js';
import { DeviceMatrix } from './device-matrix.js';
import { DeviceTable } from './device-table.js';
import { FleetToolbar } from './fleet-toolbar.js';
import styles from './fleet-view.module.css';
import { HealthCounts } from './health-counts.js';
import { IngestTiles } from './ingest-tiles.js';

interface Props {
  readonly filter: DeviceFilter;
  readonly as: 'matrix' | 'table';
}

/** Level 1: is anything wrong, and where? */
export function FleetView({ filter, as }: Props): ReactNode {
  const fleet = useFeedPart((state) => state.fleet);
  const devices = useFeedPart((state) => state.devices);
  const devicesKnown = useFeedPart((state) => state.devicesKnown);
  const rows = useMemo(() => filterDevices(devices, filter), [devices, filter]);
  const siteNames = fleet?.sites.map(({ site }) => site).join('\n') ?? '';
  const sites = useMemo(() => (siteNames === '' ? [] : siteNames.split('\n').sort()), [siteNames]);
  const onSite = useCallback(
    (site: string) =>
      rewriteAddress({ page: 'fleet', as, filter: { ...filter, site: filter.site === site ? null : site } }),
    [as, filter],
  );
  if (fleet === null)
    return (
      <div className={styles.view} aria-busy="true">
        <Skeleton height={78} />
        <Skeleton height={44} />
        <Skeleton height="100%" />
      </div>
    );
  const change = (part: Partial<DeviceFilter>): void =>
    rewriteAddress({ page: 'fleet', as, filter: { ...filter, ...part } });
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{strings.fleet.title}</h1>
      <div className={styles.top}>
        <HealthCounts
          counts={fleet.byHealth}
          chosen={filter.health}
          onToggle={(health) => change({ health: toggled(filter.health, health) })}
        />
        <IngestTiles fleet={fleet} />
      </div>
      <FleetToolbar filter={filter} as={as} sites={sites} />
      <Panel
        className={styles.panel}
        title={strings.fleet.devices}
        aside={
          <>
            {fleet.devices > devices.length && devicesKnown && devices.length >= 10_000 && (
              <span>{strings.fleet.more(formatCount(fleet.devices))}</span>
            )}
            <span role="status">{strings.fleet.count(formatCount(rows.length), formatCount(devices.length))}</span>
          </>
        }
      >
        {!devicesKnown ? (
          <Skeleton height="100%" />
        ) : rows.length === 0 ? (
          <p className={styles.empty}>{isEmptyFilter(filter) ? strings.fleet.empty : strings.fleet.none}</p>
        ) : as === 'table' ? (
          <DeviceTable rows={rows} />
        ) : rows.length <= mostCards ? (
          <DeviceCards rows={rows} />
        ) : (
          <DeviceMatrix rows={rows} onSite={onSite} />
        )}
      </Panel>
    </div>
  );
}
