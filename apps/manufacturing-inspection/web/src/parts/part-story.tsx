import type { PartDelivery, PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Facts, formatCount, formatDateTime, Panel, shortDigest } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './part-story.module.css';
import { usePartDelivery } from './use-part-delivery.js';

const text = strings.part;

/** Nothing while it is asked for: the row keeps its place. */
function deliveryRow(delivery: PartDelivery | null) {
  if (delivery === null) return { name: text.mes, value: strings.none };
  const { state, open, attempts, reason } = delivery;
  const value = text.mesDelivery[state];
  return {
    name: text.mes,
    value: attempts > 0 ? `${value}, ${text.mesAttempts(formatCount(attempts), formatCount(open))}` : value,
    ...(reason === null ? {} : { title: reason }),
  };
}

export function PartStory({ record }: { readonly record: PartRecord }): ReactNode {
  const delivery = usePartDelivery(record);
  const { model, outcome } = record;
  return (
    <div className={styles.pair}>
      <Panel title={text.outcome}>
        <Facts
          rows={[
            { name: strings.systems.plc, value: text.outcomes[outcome.kind], title: outcome.code },
            ...(outcome.code === '' ? [] : [{ name: text.code, value: <span className="mono">{outcome.code}</span> }]),
            { name: text.partSeq, value: String(record.partSeq) },
            { name: text.encoder, value: formatCount(record.encoder) },
            deliveryRow(delivery),
          ]}
        />
      </Panel>
      <Panel title={text.model}>
        <Facts
          rows={[
            { name: text.bundle, value: `${model.bundle} ${model.version}` },
            { name: text.variant, value: `${model.variant}, ${model.provider}` },
            {
              name: text.digest,
              value: <span className="mono">{shortDigest(model.digest)}</span>,
              title: model.digest,
            },
            { name: text.degradation, value: String(model.degradationLevel) },
            {
              name: text.thresholdsDigest,
              value: <span className="mono">{shortDigest(record.thresholdsDigest)}</span>,
              title: record.thresholdsDigest,
            },
          ]}
        />
      </Panel>
      <Panel title={text.identity} className={styles.wide}>
        <Facts
          rows={[
            { name: text.resultId, value: <span className="mono">{record.resultId}</span> },
            { name: text.product, value: `${record.productId}, ${text.recipe.toLowerCase()} ${record.recipeId}` },
            { name: text.station, value: record.simulated ? `${record.station} (${text.simulated})` : record.station },
            { name: text.captured, value: formatDateTime(record.capturedAt) },
            { name: text.utc, value: <span className="mono">{record.capturedAt}</span> },
            { name: text.clock, value: record.clockSynchronised ? text.clockOk : text.clockBad },
          ]}
        />
      </Panel>
    </div>
  );
}
