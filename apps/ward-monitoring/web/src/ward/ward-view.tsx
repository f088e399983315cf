import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { BedTile } from './bed-tile.js';
import { useHeld } from './use-held.js';
import { useTiles } from './use-tiles.js';
import styles from './ward-view.module.css';

/** From so many beds on tiles are small. */
const manyBeds = 30;

/** Level 1: every bed of the ward, the most urgent first. */
export function WardPage({ wall = false }: { readonly wall?: boolean }): ReactNode {
  const { ref, held } = useHeld<HTMLDivElement>();
  const tiles = useTiles(held, !wall);
  const lost = useFeedPart(({ link }) => link === 'lost');
  const known = useFeedPart(({ view }) => view !== null);
  const many = tiles.length > manyBeds;
  return (
    <div ref={ref} className={styles.view}>
      <h1 className="hidden-text">{strings.nav.ward}</h1>
      <p className={styles.held}>{held ? strings.tile.held : strings.tile.order(tiles.length)}</p>
      {known && tiles.length === 0 && <p>{strings.tile.noBeds}</p>}
      <ul className={styles.tiles} data-density={many ? 'many' : 'few'} data-wall={wall && !many ? '' : undefined}>
        {tiles.map((model) => (
          <BedTile key={model.bed} model={model} linked={!wall} lost={lost} />
        ))}
      </ul>
    </div>
  );
}
