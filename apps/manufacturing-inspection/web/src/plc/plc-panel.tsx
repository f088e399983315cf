import type { PlcLinkStatus } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Facts, formatCount, Mark, Panel } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { BitGrid } from './bit-grid.js';
import { bitRows, controlBits, statusBits } from './bit-rows.js';
import { HandshakeTrack } from './handshake-track.js';
import styles from './plc-panel.module.css';

interface Props {
  readonly plc: PlcLinkStatus;
  readonly className?: string | undefined;
}

const text = strings.plc;

export function PlcPanel({ plc, className }: Props): ReactNode {
  const faults = Object.entries(plc.faults).filter(([, count]) => count > 0);
  const lamp = (ok: boolean, good: string, bad: string): ReactNode => (
    <li data-ok={ok}>
      <Mark kind={ok ? 'ok' : 'stop'} size={18} />
      {ok ? good : bad}
    </li>
  );
  return (
    <Panel className={className} title={text.title} aside={<span>{text.role[plc.role]}</span>}>
      <HandshakeTrack state={plc.state} />
      <ul className={styles.lamps}>
        {lamp(plc.connected, text.connected, text.notConnected)}
        {lamp(plc.peerHeartbeatAlive, text.heartbeatAlive, text.heartbeatDead)}
        {lamp(plc.mapAccepted, text.mapAccepted, text.mapRefused)}
      </ul>
      <div className={styles.columns}>
        <BitGrid title={text.control} bits={bitRows(controlBits, plc.controlBits)} />
        <BitGrid title={text.status} bits={bitRows(statusBits, plc.statusBits)} />
        <div>
          <Facts
            rows={[
              { name: text.queue, value: formatCount(plc.queueDepth) },
              { name: text.inspected, value: formatCount(plc.inspected) },
              { name: text.rejected, value: formatCount(plc.rejected) },
              { name: text.missed, value: formatCount(plc.missedTriggers) },
              { name: text.overruns, value: formatCount(plc.overruns) },
              ...faults.map(([name, count]) => ({ name, value: formatCount(count) })),
            ]}
          />
          {faults.length === 0 && <p className={styles.soft}>{text.noFaults}</p>}
        </div>
      </div>
    </Panel>
  );
}
