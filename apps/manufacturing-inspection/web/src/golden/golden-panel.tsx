import { Button } from '@mantine/core';
import type { GoldenView } from '@edge-blueprints/contracts';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { asApiError, formatDateTime, Mark, Panel, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useApi } from '../session/api-context.js';
import { useSession } from '../session/session-provider.js';
import { strings } from '../strings.js';
import styles from './golden-panel.module.css';

const text = strings.golden;
const marks = { never: 'act', due: 'act', running: 'run', passed: 'ok', failed: 'stop', bypassed: 'act' } as const;

interface Props {
  readonly golden: GoldenView;
  readonly className?: string | undefined;
}

export function GoldenPanel({ golden, className }: Props): ReactNode {
  const api = useApi();
  const session = useSession();
  const [fault, setFault] = useState<ApiError | null>(null);
  const run = (): void => {
    setFault(null);
    session.act(() => api.runGolden()).catch((error: unknown) => setFault(asApiError(error)));
  };
  const running = golden.state === 'running';
  return (
    <Panel className={className} title={text.title} aside={<span>{`${text.last} ${formatDateTime(golden.at)}`}</span>}>
      <div className={styles.state}>
        <Mark kind={marks[golden.state]} size={24} />
        <strong>{text.states[golden.state]}</strong>
        <span>{running ? text.running : golden.detail}</span>
      </div>
      <ul className={styles.results}>
        {golden.results.length === 0 && <li className={styles.soft}>{text.noResults}</li>}
        {golden.results.map((result) => (
          <li key={result.name} data-ok={result.ok}>
            <Mark kind={result.ok ? 'ok' : 'stop'} size={16} />
            <span className={styles.name}>{result.name}</span>
            <span className={styles.soft}>
              {result.ok
                ? result.expected
                : `${text.expected} ${result.expected}, ${text.got.toLowerCase()} ${result.got}`}
            </span>
          </li>
        ))}
      </ul>
      {fault !== null && <RequestFault error={fault} onRetry={run} />}
      <Button loading={running} onClick={run} fullWidth>
        {text.run}
      </Button>
      <p className={styles.note}>{text.consequence}</p>
    </Panel>
  );
}
