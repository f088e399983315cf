import type { MesView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Facts, formatCount, Panel, StateWord } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

export function MesPanel({ mes }: { readonly mes: MesView }): ReactNode {
  const text = strings.mes;
  return (
    <Panel title={text.title}>
      <StateWord ok={mes.state !== 'failing'} word={text.states[mes.state]} severity="act" />
      <Facts
        rows={[
          { name: text.url, value: mes.url ?? text.noUrl },
          { name: text.delivered, value: formatCount(mes.delivered) },
          { name: text.pending, value: formatCount(mes.pending) },
          { name: text.dropped, value: formatCount(mes.dropped) },
          { name: text.lastError, value: mes.lastError ?? strings.none },
        ]}
      />
    </Panel>
  );
}
