import type { UplinkView } from '@edge-blueprints/contracts';
import { Facts, formatAge, formatCount, formatPercent, Mark, Panel } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { hubState } from './hub-state.js';
import styles from './hub-panel.module.css';

const text = strings.hub;

interface Props {
  readonly uplink: UplinkView;
  readonly className?: string | undefined;
}

/** What the hub has of this station, and what waits. A hub that is away asks for no act: the disk keeps the events. */
export function HubPanel({ uplink, className }: Props): ReactNode {
  const state = hubState(uplink);
  const { pending } = uplink;
  return (
    <Panel className={className} title={text.title}>
      <p className={styles.state} data-state={state}>
        <Mark kind={state} size={22} />
        {uplink.criticalFull ? text.full : text.states[uplink.state]}
      </p>
      <p className={styles.plain}>{uplink.criticalFull ? text.fullDetail : text.plain[uplink.state]}</p>
      <Facts
        rows={[
          { name: text.url, value: uplink.url },
          { name: text.critical, value: formatCount(pending.critical) },
          { name: text.business, value: formatCount(pending.business) },
          { name: text.metric, value: formatCount(pending.metric) },
          { name: text.oldest, value: uplink.oldestAgeMs === null ? strings.none : formatAge(uplink.oldestAgeMs) },
          {
            name: text.room,
            value: formatPercent(uplink.maxBytes > 0 ? uplink.bytes / uplink.maxBytes : 0),
            title: text.bytes(formatCount(uplink.bytes), formatCount(uplink.maxBytes)),
          },
          { name: text.delivered, value: formatCount(uplink.delivered) },
          { name: text.declaredLost, value: formatCount(uplink.declaredLost) },
          { name: text.resent, value: formatCount(uplink.resent) },
          { name: text.lastError, value: uplink.lastError ?? strings.none },
        ]}
      />
    </Panel>
  );
}
