import type { ReactNode } from 'react';
import { KpiTiles } from '../line/kpi-tiles.js';
import { LastRejects } from '../parts/last-rejects.js';
import { LivePanel } from '../parts/live-panel.js';
import { VerdictStrip } from '../parts/verdict-strip.js';
import { PChartPanel } from '../spc/p-chart-panel.js';
import { ParetoPanel } from '../spc/pareto-panel.js';
import { strings } from '../strings.js';
import { SystemsPanel } from '../systems/systems-panel.js';
import { StageTable } from '../timing/stage-table.js';
import styles from './overview-view.module.css';

/** Level 1: is anything wrong? */
export function OverviewView(): ReactNode {
  return (
    <div className={styles.grid}>
      <h1 className="hidden-text">{strings.nav.overview}</h1>
      <KpiTiles className={styles.kpis} />
      <LivePanel className={styles.live} />
      <VerdictStrip className={styles.strip} />
      <PChartPanel className={styles.chart} />
      <LastRejects className={styles.rejects} />
      <ParetoPanel className={styles.pareto} />
      <StageTable className={styles.stages} />
      <SystemsPanel className={styles.systems} />
    </div>
  );
}
