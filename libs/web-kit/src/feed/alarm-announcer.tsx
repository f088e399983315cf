import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { kitStrings as strings } from '../strings.js';

export interface AnnouncedAlarm {
  /** Stable while the cause lasts. */
  readonly id: string;
  readonly severity: 'stop' | 'act';
  readonly title: string;
  readonly detail: string;
}

/** Says a new alarm once: stops interrupt, the rest waits for a pause. Standing alarms are not repeated. */
export function AlarmAnnouncer({ alarms }: { readonly alarms: readonly AnnouncedAlarm[] }): ReactNode {
  const known = useRef<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState({ stop: '', act: '' });
  useEffect(() => {
    const fresh = alarms.filter((alarm) => !known.current.has(alarm.id));
    const allClear = known.current.size > 0 && alarms.length === 0;
    known.current = new Set(alarms.map((alarm) => alarm.id));
    if (fresh.length === 0 && !allClear) return;
    const say = (severity: 'stop' | 'act'): string =>
      fresh
        .filter((alarm) => alarm.severity === severity)
        .map((alarm) => strings.announce.alarm(alarm.title, alarm.detail))
        .join(' ');
    setSaid({ stop: say('stop'), act: allClear ? strings.announce.cleared : say('act') });
  }, [alarms]);
  return (
    <div className="hidden-text">
      <p role="alert">{said.stop}</p>
      <p role="status">{said.act}</p>
    </div>
  );
}
