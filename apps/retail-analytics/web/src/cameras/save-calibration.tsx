import { Button, NativeSelect, TextInput } from '@mantine/core';
import {
  asApiError,
  Consequences,
  formStyles,
  isReason,
  Panel,
  ReasonInput,
  useSession,
} from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type {
  CalibrationPoint,
  CameraCalibration,
  FloorPolygon,
  StorePlan,
  StoreView,
} from '@edge-blueprints/contracts';
import { typedNumber } from '../figures/typed-number.js';
import { useApi } from '../session/store-api.js';
import { strings } from '../strings.js';
import { AuthorityEditor } from './authority-editor.js';
import styles from './calibration.module.css';

const text = strings.calibration;

interface Props {
  readonly camera: string;
  readonly before: CameraCalibration | null;
  readonly plan: StorePlan;
  readonly cameras: StoreView['cameras'];
  readonly points: readonly CalibrationPoint[];
  /** Whether the node has called the points good enough. */
  readonly deployable: boolean;
}

/** What a calibration needs beside its points, and the act of keeping it. */
export function SaveCalibration({ camera, before, plan, cameras, points, deployable }: Props): ReactNode {
  const api = useApi();
  const session = useSession();
  const [mount, setMount] = useState<CameraCalibration['mount']>(before?.mount ?? 'oblique');
  const [height, setHeight] = useState(String(before?.heightM ?? ''));
  const [nadirX, setNadirX] = useState(String(before?.nadir[0] ?? ''));
  const [nadirY, setNadirY] = useState(String(before?.nadir[1] ?? ''));
  const [authority, setAuthority] = useState<FloorPolygon | null>(before?.authority ?? null);
  const [reason, setReason] = useState('');
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const heightM = typedNumber(height);
  const [x, y] = [typedNumber(nadirX), typedNumber(nadirY)];
  const isReady =
    deployable && heightM !== null && x !== null && y !== null && authority !== null && isReason(reason) && !busy;

  const save = (): void => {
    if (heightM === null || x === null || y === null || authority === null) return;
    setBusy(true);
    setSaid('');
    session
      .act(() => api.saveCalibration(camera, { points, mount, heightM, nadir: [x, y], authority, reason }))
      .then((done) => {
        if (done) setSaid(text.saved);
      })
      .catch((error: unknown) => setSaid(asApiError(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <Panel title={text.save}>
      <div className={formStyles.stack}>
        <div className={styles.fields}>
          <NativeSelect
            label={text.mount}
            value={mount}
            onChange={(event) => setMount(event.currentTarget.value === 'overhead' ? 'overhead' : 'oblique')}
            data={(['overhead', 'oblique'] as const).map((value) => ({
              value,
              label: strings.cameras.mounts[value],
            }))}
          />
          <TextInput label={text.height} value={height} onChange={(event) => setHeight(event.currentTarget.value)} />
          <TextInput label={text.nadirX} value={nadirX} onChange={(event) => setNadirX(event.currentTarget.value)} />
          <TextInput label={text.nadirY} value={nadirY} onChange={(event) => setNadirY(event.currentTarget.value)} />
        </div>
        <section aria-label={text.authority}>
          <h3 className={styles.heading}>{text.authority}</h3>
          <p className={styles.soft}>{text.authorityHint}</p>
          <AuthorityEditor
            camera={camera}
            plan={plan}
            cameras={cameras}
            authority={authority}
            onChange={setAuthority}
          />
        </section>
        <Consequences lines={text.consequences} />
        <ReasonInput label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} />
        <div className={formStyles.buttons}>
          <p role="status" className={styles.said}>
            {said}
          </p>
          <Button onClick={save} disabled={!isReady} loading={busy}>
            {text.save}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
