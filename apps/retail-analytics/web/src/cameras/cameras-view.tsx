import { Skeleton } from '@mantine/core';
import {
  Facts,
  formatAge,
  formatCount,
  formatMs,
  Panel,
  RangeBar,
  StateWord,
  useHashRoute,
} from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { StoreCameraView, StoreView } from '@edge-blueprints/contracts';
import { useStatus } from '../feed/store-status.js';
import { AuthorityLegend } from '../plan/authority-layer.js';
import { FloorPlan } from '../plan/floor-plan.js';
import { parseRoute, routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { CalibrationView } from './calibration-view.js';
import styles from './cameras-view.module.css';

const text = strings.cameras;

/** Level 2: what each camera sees, how often, and how well it knows the floor. */
export function CamerasView(): ReactNode {
  const { view, alarms } = useStatus();
  const { camera: chosen } = useHashRoute(parseRoute);
  if (view === null) return <Skeleton height={480} />;
  if (view.cameras.some(({ id }) => id === chosen) && chosen !== undefined)
    return (
      <CalibrationView
        key={chosen}
        camera={chosen}
        plan={view.plan}
        cameras={view.cameras}
        pictures={view.privacy.debugCapable}
      />
    );
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      {alarms.length > 0 && (
        <ul className={styles.alarms} aria-label={strings.bar.alarms}>
          {alarms.map(({ id, title, detail }) => (
            <li key={id}>
              <strong>{title}</strong> {detail}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.cameras}>
        {view.cameras.map((camera) => (
          <CameraPanel key={camera.id} camera={camera} atEpochMs={view.atEpochMs} />
        ))}
      </div>
      <Panel title={text.map}>
        <div className={styles.drawing}>
          <FloorPlan view={view} showHeat={false} showCameras />
          <AuthorityLegend cameras={view.cameras} />
        </div>
      </Panel>
      <ModelPanel model={view.model} />
    </div>
  );
}

interface CameraProps {
  readonly camera: StoreCameraView;
  readonly atEpochMs: number;
}

function CameraPanel({ camera, atEpochMs }: CameraProps): ReactNode {
  const { framesPerS, floorFramesPerS, calibrationErrorM, lastSeenEpochMs, dropped } = camera;
  const axis = Math.max(framesPerS, floorFramesPerS) * 1.25;
  const drops = Object.entries(dropped).filter(([, count]) => count > 0);
  return (
    <Panel
      title={camera.id}
      aside={<a href={routeHref({ page: 'cameras', camera: camera.id })}>{text.calibrate(camera.id)}</a>}
    >
      <StateWord
        ok={camera.state === 'seeing'}
        word={strings.cameraStates[camera.state]}
        severity={camera.state === 'lost' ? 'stop' : 'act'}
      />
      {camera.detail !== '' && <p className={styles.detail}>{camera.detail}</p>}
      <RangeBar from={0} to={framesPerS / axis} point={floorFramesPerS / axis} tone="plain" />
      <Facts
        rows={[
          { name: text.rate, value: text.rateValue(framesPerS.toFixed(1), formatCount(floorFramesPerS)) },
          {
            name: text.seen,
            value: lastSeenEpochMs === null ? text.never : seenText(atEpochMs - lastSeenEpochMs),
          },
          { name: text.mount, value: text.mounts[camera.mount] },
          {
            name: text.calibration,
            value:
              calibrationErrorM === null
                ? text.calibrationNone
                : text.calibrationValue((calibrationErrorM * 100).toFixed(0)),
          },
          {
            name: text.drops,
            value:
              drops.length === 0
                ? text.noDrops
                : drops.map(([cause, count]) => text.dropValue(causeText(cause), formatCount(count))).join(', '),
          },
        ]}
      />
    </Panel>
  );
}

/** Causes that are not listed are error codes, which are looked up as they are. */
const causeText = (cause: string): string => new Map(Object.entries<string>(text.dropCauses)).get(cause) ?? cause;

const seenText = (ageMs: number): string => (ageMs < 2_000 ? text.seenNow : text.seenAgo(formatAge(ageMs)));

function ModelPanel({ model }: Pick<StoreView, 'model'>): ReactNode {
  return (
    <Panel title={text.model}>
      <Facts
        rows={[
          { name: text.model, value: text.modelValue(model.bundle, model.version, model.variant) },
          { name: text.provider, value: model.provider },
          { name: text.infer, value: model.inferMsP50 === null ? strings.none : formatMs(model.inferMsP50) },
        ]}
      />
    </Panel>
  );
}
