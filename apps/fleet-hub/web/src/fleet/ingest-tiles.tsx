import { formatCount, Mark } from '@edge-blueprints/web-kit';
import type { FleetSummaryView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { routeHref } from '../hub-route.js';
import { strings } from '../strings.js';
import styles from './ingest-tiles.module.css';

const text = strings.ingest;

/** What comes in, and the two figures that must be zero. */
export function IngestTiles({ fleet }: { readonly fleet: FleetSummaryView }): ReactNode {
  const { ingest, incomplete } = fleet;
  return (
    <section className={styles.tiles} aria-label={strings.fleet.figures}>
      <Tile
        name={text.rate}
        value={formatCount(ingest.eventsPerSecond)}
        unit={text.rateUnit}
        detail={text.rateDetail(formatCount(ingest.events), formatCount(ingest.duplicates))}
        title={text.system(ingest.broker, ingest.store, ingest.workers)}
      />
      <Tile
        name={text.incomplete}
        value={formatCount(incomplete)}
        detail={incomplete === 0 ? text.incompleteGood : text.incompleteBad}
        asks={incomplete > 0 ? 'stop' : undefined}
      />
      <Tile
        name={text.quarantined}
        value={formatCount(ingest.quarantined)}
        detail={text.quarantinedDetail(formatCount(ingest.batchesRefused))}
        asks={ingest.quarantined + ingest.batchesRefused > 0 ? 'act' : undefined}
      />
      <Tile
        name={text.labels}
        value={formatCount(fleet.openLabels)}
        detail={text.labelsDetail}
        href={routeHref({ page: 'labels' })}
      />
    </section>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly detail: string;
  readonly title?: string;
  readonly asks?: 'stop' | 'act' | undefined;
  readonly href?: string;
}

function Tile({ name, value, unit, detail, title, asks, href }: TileProps): ReactNode {
  return (
    <div className={styles.tile} data-asks={asks} title={title}>
      <h2>{href === undefined ? name : <a href={href}>{name}</a>}</h2>
      <p className={styles.value}>
        {asks !== undefined && <Mark kind={asks} size={20} />}
        {value}
        {unit !== undefined && <small>{unit}</small>}
      </p>
      <p className={styles.detail}>{detail}</p>
    </div>
  );
}
