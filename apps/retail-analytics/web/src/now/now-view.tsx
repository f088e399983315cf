import { Skeleton, Switch } from '@mantine/core';
import { Panel } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/store-status.js';
import { AuthorityLegend } from '../plan/authority-layer.js';
import { FloorPlan } from '../plan/floor-plan.js';
import { HeatLegend } from '../plan/heat-legend.js';
import { strings } from '../strings.js';
import { BusiestZones } from './busiest-zones.js';
import styles from './now-view.module.css';
import { QueueGauges } from './queue-gauges.js';
import { TodayTiles } from './today-tiles.js';

/** Level 1: how many came, how many are here, how long they wait, where they are. */
export function NowView(): ReactNode {
  const { view } = useStatus();
  const [showHeat, setShowHeat] = useState(true);
  const [showCameras, setShowCameras] = useState(false);
  if (view === null)
    return (
      <div className={styles.grid} aria-busy="true">
        <Skeleton height={124} className={styles.today ?? ''} />
        <Skeleton height={480} className={styles.floor ?? ''} />
        <Skeleton height={220} />
      </div>
    );
  return (
    <div className={styles.grid}>
      <h1 className="hidden-text">{strings.nav.now}</h1>
      <TodayTiles className={styles.today} view={view} />
      <Panel
        className={styles.floor}
        title={strings.plan.title}
        aside={
          <>
            <Switch
              label={strings.plan.showCameras}
              checked={showCameras}
              onChange={(event) => setShowCameras(event.currentTarget.checked)}
            />
            <Switch
              label={strings.plan.showHeat}
              checked={showHeat}
              onChange={(event) => setShowHeat(event.currentTarget.checked)}
            />
          </>
        }
      >
        <div className={styles.drawing}>
          <FloorPlan view={view} showHeat={showHeat} showCameras={showCameras} />
          {showCameras && <AuthorityLegend cameras={view.cameras} />}
          {showHeat && <HeatLegend heat={view.heat} />}
        </div>
      </Panel>
      <QueueGauges className={styles.queues} queues={view.queues} />
      <BusiestZones className={styles.zones} zones={view.zones} />
    </div>
  );
}
