import { Skeleton } from '@mantine/core';
import { Panel, RequestFault, StateWord, useRequest } from '@edge-blueprints/web-kit';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { CameraCalibration, StorePlan, StoreView } from '@edge-blueprints/contracts';
import { useApi } from '../session/store-api.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { draftOf, emptyPoint, pointOf } from './calibration-draft.js';
import type { DraftPoint } from './calibration-draft.js';
import styles from './calibration.module.css';
import { ClickPicture } from './click-picture.js';
import { ClickPlan } from './click-plan.js';
import { PointTable } from './point-table.js';
import { SaveCalibration } from './save-calibration.js';
import { usePointCheck } from './use-point-check.js';
import type { PointCheck } from './use-point-check.js';

const text = strings.calibration;
const startPoints = 6;

interface Props {
  readonly camera: string;
  readonly plan: StorePlan;
  readonly cameras: StoreView['cameras'];
  /** Whether this node shows an operator its people-free backgrounds. */
  readonly pictures: boolean;
}

/** Which pixel is which spot of the floor, with the error in centimetres while the points are set. */
export function CalibrationView(props: Props): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest(props.camera, () => api.calibration(props.camera));
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  if (request.state === 'loading') return <Skeleton height={480} />;
  return <Calibration {...props} before={request.value} />;
}

function Calibration({
  camera,
  plan,
  cameras,
  pictures,
  before,
}: Props & { readonly before: CameraCalibration | null }): ReactNode {
  const [drafts, setDrafts] = useState<readonly DraftPoint[]>(
    () => before?.points.map(draftOf) ?? Array.from({ length: startPoints }, () => emptyPoint),
  );
  const [chosen, setChosen] = useState(0);
  const points = useMemo(() => drafts.flatMap((draft) => pointOf(draft) ?? []), [drafts]);
  const check = usePointCheck(camera, points);
  const set = (change: Partial<DraftPoint>): void =>
    setDrafts(drafts.map((draft, i) => (i === chosen ? { ...draft, ...change } : draft)));
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title(camera)}</h1>
      <Panel title={text.title(camera)} aside={<a href={routeHref({ page: 'cameras' })}>{text.back}</a>}>
        <p>{text.how}</p>
        <Verdict check={check} points={points.length} />
        <PointTable drafts={drafts} chosen={chosen} check={check} onChange={setDrafts} onChoose={setChosen} />
      </Panel>
      <div className={styles.side}>
        <Panel title={text.picture}>
          {pictures ? (
            <ClickPicture camera={camera} onPick={([u, v]) => set({ u: u.toFixed(1), v: v.toFixed(1) })} />
          ) : (
            <p>{text.picturesOff}</p>
          )}
        </Panel>
        <Panel title={text.plan}>
          <ClickPlan
            plan={plan}
            chosen={chosen}
            marks={drafts.map((draft) => pointOf({ ...draft, u: '0', v: '0' })?.floor ?? null)}
            onPick={([x, y]) => set({ x: x.toFixed(2), y: y.toFixed(2) })}
          />
        </Panel>
      </div>
      <SaveCalibration
        camera={camera}
        before={before}
        plan={plan}
        cameras={cameras}
        points={points}
        deployable={check.state === 'done' && check.errors.deployable}
      />
    </div>
  );
}

function Verdict({ check, points }: { readonly check: PointCheck; readonly points: number }): ReactNode {
  return (
    <div className={styles.verdict} role="status">
      {check.state === 'few' && <p>{text.few(points)}</p>}
      {check.state === 'checking' && <p>{text.checking}</p>}
      {check.state === 'failed' && <p>{check.message}</p>}
      {check.state === 'done' && (
        <>
          <StateWord
            ok={check.errors.deployable}
            word={check.errors.deployable ? text.good : text.bad}
            severity="act"
          />
          <p>{text.result(check.errors.medianCm.toFixed(1), check.errors.p95Cm.toFixed(1))}</p>
        </>
      )}
    </div>
  );
}
