import type { ReactNode } from 'react';
import { Facts, formatCount, Panel, StateWord } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { dropRows, hasLoss, totalDrops } from './drop-rows.js';

export function DropsPanel({ drops }: { readonly drops: Readonly<Record<string, number>> }): ReactNode {
  const rows = dropRows(drops);
  const total = totalDrops(rows);
  return (
    <Panel title={strings.drops.title}>
      <StateWord
        ok={!hasLoss(rows)}
        word={total === 0 ? strings.drops.none : strings.drops.total(formatCount(total))}
        severity="act"
      />
      <Facts rows={rows.map(({ name, count }) => ({ name, value: formatCount(count) }))} />
    </Panel>
  );
}
