import type { StationView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Facts, Panel, shortDigest, StateWord } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { capitalised } from './system-rows.js';

export function EnginePanel({ engine }: { readonly engine: StationView['engine'] }): ReactNode {
  const text = strings.engine;
  const failed = engine.state === 'failed';
  const degraded = engine.degradationLevel > 0;
  return (
    <Panel title={text.title} aside={<span>{`${engine.bundle} ${engine.bundleVersion}`}</span>}>
      <StateWord ok={!failed && !degraded} word={capitalised(engine.state)} severity={failed ? 'stop' : 'act'} />
      <Facts
        rows={[
          { name: text.provider, value: engine.provider },
          { name: text.variant, value: engine.variant },
          {
            name: text.digest,
            value: <span className="mono">{shortDigest(engine.modelDigest)}</span>,
            title: engine.modelDigest,
          },
          { name: text.use, value: text.uses[engine.bundleUse] },
          {
            name: text.degradation,
            value: degraded ? text.level(engine.degradationLevel, engine.degradationReason) : text.full,
          },
        ]}
      />
    </Panel>
  );
}
