import type { StationView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { Facts, formatAge, formatCount, Panel, stampAgeMs, StateWord, useNow } from '@edge-blueprints/web-kit';
import { useStatus } from '../feed/feed-status.js';
import { strings } from '../strings.js';

interface Props {
  readonly camera: StationView['camera'];
  readonly viewAt: string;
}

export function CameraPanel({ camera, viewAt }: Props): ReactNode {
  const { receivedAtMs } = useStatus();
  const now = useNow();
  const text = strings.camera;
  return (
    <Panel title={text.title} aside={<span>{camera.id}</span>}>
      <StateWord ok={camera.connected} word={camera.connected ? text.connected : text.notConnected} severity="stop" />
      <Facts
        rows={[
          { name: text.captured, value: formatCount(camera.captured) },
          { name: text.superseded, value: formatCount(camera.superseded) },
          { name: text.corrupt, value: formatCount(camera.corrupt) },
          {
            name: text.lastFrame,
            value:
              camera.lastFrameAt === null
                ? text.never
                : strings.age.ago(formatAge(stampAgeMs(camera.lastFrameAt, viewAt, receivedAtMs ?? now, now))),
          },
        ]}
      />
    </Panel>
  );
}
