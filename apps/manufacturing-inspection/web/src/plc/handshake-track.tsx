import type { PlcLinkStatus } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Mark } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './handshake-track.module.css';

const order = ['offline', 'ready', 'acquiring', 'inspecting', 'result-pending'] as const;

/** The states of the handshake in their order, the present one marked; error stands for itself. */
export function HandshakeTrack({ state }: { readonly state: PlcLinkStatus['state'] }): ReactNode {
  return (
    <ol className={styles.track}>
      {order.map((each) => (
        <li key={each} aria-current={each === state ? 'step' : undefined}>
          {strings.plc.states[each]}
        </li>
      ))}
      {state === 'error' && (
        <li className={styles.error} aria-current="step">
          <Mark kind="stop" size={18} />
          {strings.plc.states.error}
        </li>
      )}
    </ol>
  );
}
