import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { DriftPanel } from '../drift/drift-panel.js';
import { useStatus } from '../feed/feed-status.js';
import { GoldenPanel } from '../golden/golden-panel.js';
import { AlarmList } from '../line/alarm-list.js';
import { PlcPanel } from '../plc/plc-panel.js';
import { strings } from '../strings.js';
import { CameraPanel } from '../systems/camera-panel.js';
import { DropsPanel } from '../systems/drops-panel.js';
import { EnginePanel } from '../systems/engine-panel.js';
import { HubPanel } from '../systems/hub-panel.js';
import { MesPanel } from '../systems/mes-panel.js';
import { StageTable } from '../timing/stage-table.js';
import styles from './health-view.module.css';

/** Level 2: what is wrong, part by part around the model. */
export function HealthView(): ReactNode {
  const { view, alarms } = useStatus();
  if (view === null)
    return (
      <div className={styles.grid} aria-busy="true">
        <Skeleton height={360} />
        <Skeleton height={360} />
        <Skeleton height={360} />
      </div>
    );
  return (
    <>
      <h1 className="hidden-text">{strings.health.title}</h1>
      <AlarmList alarms={alarms} />
      <div className={styles.grid} data-hub={view.uplink !== null}>
        <PlcPanel className={styles.plc} plc={view.plc} />
        <GoldenPanel className={styles.golden} golden={view.golden} />
        <StageTable className={styles.stages} />
        <EnginePanel engine={view.engine} />
        <CameraPanel camera={view.camera} viewAt={view.at} />
        <MesPanel mes={view.mes} />
        <DropsPanel drops={view.drops} />
        <DriftPanel className={styles.drift} drift={view.drift} known={view.recent} />
        {view.uplink !== null && <HubPanel className={styles.hub} uplink={view.uplink} />}
      </div>
    </>
  );
}
