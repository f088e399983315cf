import type { StationView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { stationAgeMs } from '../feed/staleness.js';
import { useNow } from '../feed/use-now.js';
import { formatAge, formatCount } from '../format.js';
import { Facts } from '../shell/facts.js';
import { Panel } from '../shell/panel.js';
import { strings } from '../strings.js';
import { StateWord } from './state-word.js';

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
                : strings.age.ago(formatAge(stationAgeMs(camera.lastFrameAt, viewAt, receivedAtMs ?? now, now))),
          },
        ]}
      />
    </Panel>
  );
}
