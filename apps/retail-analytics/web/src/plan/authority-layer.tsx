import { useId } from 'react';
import type { ReactNode } from 'react';
import type { StoreCameraView } from '@edge-blueprints/contracts';
import { formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './authority.module.css';
import { areaM2 } from './floor-area.js';
import { drawn, drawnPoints } from './plan-scale.js';

const tile = 40;
/** Told apart by direction, not by colour. From the seventh camera on they repeat; the letter does not. */
const hatches = [
  'M-10 10L10 -10M0 40L40 0M30 50L50 30',
  'M-10 30L10 50M0 0L40 40M30 -10L50 10',
  'M0 20H40',
  'M20 0V40',
  'M0 20H40M20 0V40',
  'M18 18h4v4h-4z',
] as const;

type Watcher = Pick<StoreCameraView, 'id' | 'state' | 'authority'>;

const letter = (index: number): string => String.fromCharCode(65 + index);
/** Whether this camera's floor is counted now. */
const isCounting = (state: StoreCameraView['state']): boolean => state === 'seeing' || state === 'slow';

function Hatch({ id, index }: { readonly id: string; readonly index: number }): ReactNode {
  return (
    <pattern id={id} width={tile} height={tile} patternUnits="userSpaceOnUse">
      <path d={hatches[index % hatches.length]} className={styles.hatch} />
    </pattern>
  );
}

interface Props {
  readonly cameras: readonly Watcher[];
  readonly depthM: number;
}

/** Which camera answers for which floor: a hatch and a letter each. */
export function AuthorityLayer({ cameras, depthM }: Props): ReactNode {
  const base = useId();
  return (
    <g>
      {cameras.map(({ id, authority, state }, i) => {
        if (authority.length === 0) return null;
        const at = authority.map((point) => drawn(point, depthM));
        const [x, y] = [Math.min(...at.map(([left]) => left)), Math.min(...at.map(([, top]) => top))];
        return (
          <g key={id} className={styles.authority} data-counting={isCounting(state)}>
            <Hatch id={`${base}${i}`} index={i} />
            <polygon points={drawnPoints(authority, depthM)} fill={`url(#${base}${i})`} />
            <text x={x + 14} y={y + 30}>
              {strings.authority.tag(letter(i), id)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** What the hatches mean, with the state of each camera in words. */
export function AuthorityLegend({ cameras }: Pick<Props, 'cameras'>): ReactNode {
  const base = useId();
  return (
    <ul className={styles.legend} aria-label={strings.authority.legend}>
      {cameras.map(({ id, authority, state }, i) => (
        <li key={id} className={styles.authority} data-counting={isCounting(state)}>
          <svg viewBox="0 0 84 56" aria-hidden="true">
            <Hatch id={`${base}${i}`} index={i} />
            <rect x="3" y="3" width="78" height="50" fill={`url(#${base}${i})`} />
          </svg>
          {authority.length === 0
            ? strings.authority.nothing(letter(i), id, strings.cameraStates[state])
            : strings.authority.entry(letter(i), id, strings.cameraStates[state], formatCount(areaM2(authority)))}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 84 56" aria-hidden="true">
          <rect x="3" y="3" width="78" height="50" className={styles.bare} />
        </svg>
        {strings.authority.none}
      </li>
    </ul>
  );
}
