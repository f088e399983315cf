import { Button } from '@mantine/core';
import { RequestFault } from '@edge-blueprints/web-kit';
import type { PatientView } from '@edge-blueprints/contracts';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useAlarms, useBed, useFeedPart } from '../feed/feed-context.js';
import { useApi } from '../session/ward-api.js';
import { useAct, useMay } from '../session/ward-session.js';
import { ScoreBreakdown } from '../score/score-breakdown.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { AdvisoryPanel } from './advisory-panel.js';
import { AlarmsPanel } from './alarms-panel.js';
import styles from './bed-view.module.css';
import { DevicePanel } from './device-panel.js';
import { EmergencyAct } from './emergency-act.js';
import { ObservationsForm } from './observations-form.js';
import { TrendsPanel } from './trends-panel.js';

/** Level 2: one bed, why it asks, and what can be done. */
export function BedPage({ bed: name }: { readonly bed: string }): ReactNode {
  const bed = useBed(name);
  const known = useFeedPart(({ view }) => view !== null);
  const lost = useFeedPart(({ link }) => link === 'lost');
  const all = useAlarms();
  const device = bed?.device ?? null;
  const alarms = useMemo(
    () => all.filter(({ subject }) => subject === name || (device !== null && subject === `device/${device}`)),
    [all, name, device],
  );
  if (bed === undefined)
    return (
      <section>
        <h1>{strings.subject(name)}</h1>
        {known && <p>{strings.bed.unknown}</p>}
        <a href={routeHref({ page: 'ward' })}>{strings.bed.back}</a>
      </section>
    );
  return (
    <div className={styles.view}>
      <header className={styles.head}>
        <a className={styles.back} href={routeHref({ page: 'ward' })}>
          ‹ {strings.nav.ward}
        </a>
        <h1>{bed.label}</h1>
        {lost && <strong>{strings.lost.tile}</strong>}
        <PatientName bed={bed.bed} />
        <EmergencyAct />
        {bed.shelved !== null && (
          <p className={styles.shelved}>{strings.bed.shelved(bed.shelved.why, bed.shelved.by)}</p>
        )}
      </header>
      <AlarmsPanel bed={bed} alarms={alarms} className={styles.alarms} />
      <ScoreBreakdown bed={bed} className={styles.score} />
      <TrendsPanel bed={bed.bed} className={styles.trends} />
      <ObservationsForm bed={bed.bed} className={styles.observe} />
      <AdvisoryPanel advisory={bed.advisory} className={styles.advisory} />
      <DevicePanel bed={bed} className={styles.device} />
    </div>
  );
}

/** A name is read on request only, because each reading is an entry of the trail. */
function PatientName({ bed }: { readonly bed: string }): ReactNode {
  const api = useApi();
  const act = useAct();
  const may = useMay();
  const [patient, setPatient] = useState<PatientView | null>(null);
  if (patient !== null)
    return (
      <p className={styles.patient}>
        {strings.bed.patient(patient.name, patient.ageYears)}{' '}
        <Button variant="default" size="sm" onClick={() => setPatient(null)}>
          {strings.bed.hideName}
        </Button>
      </p>
    );
  if (!may('patient')) return null;
  return (
    <div className={styles.patient}>
      <Button
        variant="default"
        size="sm"
        loading={act.busy}
        onClick={() => void act.run(async () => setPatient(await api.patient(bed)))}
      >
        {strings.bed.showName}
      </Button>
      {act.fault !== null && <RequestFault error={act.fault} />}
    </div>
  );
}
