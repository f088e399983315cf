import { ActionIcon, Button, NumberInput, Slider } from '@mantine/core';
import type { ThresholdView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatScore, isReason, Panel, ReasonInput, RequestFault, useRequest } from '@edge-blueprints/web-kit';
import { useApi } from '../session/api-context.js';
import { strings } from '../strings.js';
import { CostPanel } from './cost-panel.js';
import { MoveDialog } from './move-dialog.js';
import styles from './threshold-editor.module.css';
import { clampThreshold, thresholdRange } from './threshold-range.js';

const text = strings.thresholds;
const { least, most, step } = thresholdRange;

export function ThresholdEditor({ current }: { readonly current: ThresholdView }): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest(`${current.classIndex}/${current.threshold}`, () =>
    api.thresholdCost(current.classIndex),
  );
  const [candidate, setCandidate] = useState(current.threshold);
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const moved = candidate !== current.threshold;

  return (
    <div className={styles.stack}>
      <Panel title={text.editTitle(current.label)} aside={<span>{current.provenance}</span>}>
        <div className={styles.knob}>
          <div className={styles.slider}>
            <Slider
              min={least}
              max={most}
              step={step}
              value={candidate}
              onChange={(value) => setCandidate(clampThreshold(value))}
              label={(value) => formatScore(value)}
              thumbLabel={text.slider(current.label)}
              size={10}
              thumbSize={32}
              marks={[{ value: current.threshold }, { value: current.bundleThreshold }]}
            />
            <div className={styles.ends} aria-hidden="true">
              <span>{text.rejectMore}</span>
              <span>{text.rejectLess}</span>
            </div>
          </div>
          <ActionIcon
            variant="default"
            aria-label={text.lower}
            onClick={() => setCandidate(clampThreshold(candidate - step))}
          >
            −
          </ActionIcon>
          <NumberInput
            label={text.number}
            hideControls
            className={styles.number ?? ''}
            min={least}
            max={most}
            step={step}
            decimalScale={2}
            fixedDecimalScale
            clampBehavior="blur"
            value={candidate}
            onChange={(value) => typeof value === 'number' && setCandidate(clampThreshold(value))}
          />
          <ActionIcon
            variant="default"
            aria-label={text.higher}
            onClick={() => setCandidate(clampThreshold(candidate + step))}
          >
            +
          </ActionIcon>
        </div>
        <div className={styles.buttons}>
          <Button variant="default" disabled={!moved} onClick={() => setCandidate(current.threshold)}>
            {text.reset}
          </Button>
          <Button
            variant="default"
            disabled={candidate === current.bundleThreshold}
            onClick={() => setCandidate(current.bundleThreshold)}
          >
            {`${text.toBundle} ${formatScore(current.bundleThreshold)}`}
          </Button>
        </div>
      </Panel>
      {request.state === 'failed' ? (
        <RequestFault error={request.error} onRetry={reload} />
      ) : (
        <CostPanel
          points={request.state === 'done' ? request.value : null}
          current={current.threshold}
          candidate={candidate}
        />
      )}
      <Panel title={text.act}>
        <div className={styles.act}>
          <ReasonInput label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} />
          <Button disabled={!moved || !isReason(reason)} onClick={() => setAsking(true)}>
            {text.apply}
          </Button>
        </div>
        <p role="status" className={styles.done}>
          {done}
        </p>
      </Panel>
      <MoveDialog
        opened={asking}
        current={current}
        candidate={candidate}
        reason={reason}
        onClose={(moved) => {
          setAsking(false);
          if (!moved) return;
          setDone(text.done(current.label, formatScore(candidate)));
          setReason('');
        }}
      />
    </div>
  );
}
