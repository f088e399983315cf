import type { ReactNode } from 'react';
import { formatCount } from '../format.js';
import { Facts } from '../shell/facts.js';
import { Panel } from '../shell/panel.js';
import { strings } from '../strings.js';
import { StateWord } from './state-word.js';
import { totalDrops } from './system-rows.js';

export function DropsPanel({ drops }: { readonly drops: Readonly<Record<string, number>> }): ReactNode {
  const total = totalDrops(drops);
  return (
    <Panel title={strings.drops.title}>
      <StateWord
        ok={total === 0}
        word={total === 0 ? strings.drops.none : strings.drops.total(formatCount(total))}
        severity="act"
      />
      <Facts rows={Object.entries(drops).map(([name, count]) => ({ name, value: formatCount(count) }))} />
    </Panel>
  );
}
