import type { PartSummary } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Mark } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './verdict-tag.module.css';

interface Props {
  readonly verdict: PartSummary['verdict'];
  readonly overruled?: boolean;
  readonly large?: boolean;
}

export function VerdictTag({ verdict, overruled = false, large = false }: Props): ReactNode {
  return (
    <span className={large ? `${styles.tag} ${styles.large}` : styles.tag} data-verdict={verdict}>
      <Mark kind={verdict} size={large ? 26 : 18} />
      <span>{strings.verdict[verdict]}</span>
      {overruled && <span className={styles.overruled}>{strings.verdict.overruled}</span>}
    </span>
  );
}
