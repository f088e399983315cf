import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { FloorPolygon, StorePlan, StoreView } from '@edge-blueprints/contracts';
import { CornerTable } from '../plan-editor/corner-table.js';
import { PlanCanvas } from '../plan-editor/plan-canvas.js';
import { AuthorityLegend } from '../plan/authority-layer.js';
import { strings } from '../strings.js';
import styles from './calibration.module.css';

const text = strings.calibration;
const part = { kind: 'zone', index: 0 } as const;

interface Props {
  readonly camera: string;
  readonly plan: StorePlan;
  readonly cameras: StoreView['cameras'];
  readonly authority: FloorPolygon | null;
  onChange(authority: FloorPolygon): void;
}

/** The floor of one camera beside those of the others, drawn with the means of the plan editor. */
export function AuthorityEditor({ camera, plan, cameras, authority, onChange }: Props): ReactNode {
  const [handle, setHandle] = useState<number | null>(null);
  const { widthM, depthM } = plan;
  if (authority === null)
    return (
      <Button
        variant="default"
        onClick={() =>
          onChange([
            [0, 0],
            [widthM, 0],
            [widthM, depthM],
            [0, depthM],
          ])
        }
      >
        {text.wholeFloor}
      </Button>
    );
  // The area alone is what can be moved here; of the plan only the floor and its fixtures are shown.
  const zones = [{ id: 'authority', name: camera, polygon: authority }];
  const drawing: StorePlan = { ...plan, zones, lines: [], queues: [], staffAreas: [], masks: [] };
  const edit = ({ zones: [moved] }: StorePlan): void => {
    if (moved !== undefined) onChange(moved.polygon);
  };
  const shown = cameras.map((each) => (each.id === camera ? { ...each, authority } : each));
  return (
    <div className={styles.authority}>
      <div className={styles.canvas}>
        <PlanCanvas
          plan={drawing}
          chosen={part}
          handle={handle}
          drawing={null}
          problems={[]}
          cameras={shown}
          edit={edit}
          onChoose={(_, index) => setHandle(index)}
          onDraw={ignore}
          onRemove={ignore}
        />
        <AuthorityLegend cameras={shown} />
      </div>
      <CornerTable plan={drawing} part={part} handle={handle} edit={edit} onHandle={setHandle} />
    </div>
  );
}

const ignore = (): void => undefined;
