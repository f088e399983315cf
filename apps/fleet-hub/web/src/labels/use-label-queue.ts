import { asApiError } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import type { LabelAccuracyView, LabelQueueView, LabelTaskView } from '@edge-blueprints/contracts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { useApi } from '../session/session-context.js';
import { nextTask, withSkipped } from './label-order.js';

const ahead = 30;

export interface Labelled {
  readonly task: LabelTaskView;
  readonly truth: 'good' | 'bad';
}

export interface LabelQueue {
  readonly queue: LabelQueueView | null;
  readonly task: LabelTaskView | null;
  readonly accuracy: LabelAccuracyView | null;
  /** The last label of this visit: what `takeBack` takes back. */
  readonly last: Labelled | null;
  readonly busy: boolean;
  readonly fault: ApiError | null;
  answer(truth: 'good' | 'bad', note: string): void;
  skip(): void;
  takeBack(): void;
  reload(): void;
}

/** The tasks in the order of the hub; what was skipped in this visit comes last. */
export function useLabelQueue(): LabelQueue {
  const api = useApi();
  const pushed = useFeedPart((state) => state.accuracy);
  const [queue, setQueue] = useState<LabelQueueView | null>(null);
  const [skipped, setSkipped] = useState<readonly number[]>([]);
  const [accuracy, setAccuracy] = useState<LabelAccuracyView | null>(null);
  const [last, setLast] = useState<Labelled | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<ApiError | null>(null);
  const current = useRef(true);

  const read = useCallback(async (): Promise<void> => {
    const [open, measured] = await Promise.all([api.labels('open', ahead), api.accuracy()]);
    if (!current.current) return;
    setQueue(open);
    setAccuracy(measured);
  }, [api]);
  const run = useCallback((work: () => Promise<void>): void => {
    setBusy(true);
    setFault(null);
    work()
      .catch((error: unknown) => current.current && setFault(asApiError(error)))
      .finally(() => current.current && setBusy(false));
  }, []);
  useEffect(() => {
    current.current = true;
    run(read);
    return () => {
      current.current = false;
    };
  }, [run, read]);
  useEffect(() => {
    if (pushed !== null) setAccuracy(pushed);
  }, [pushed]);

  const task = queue === null ? null : nextTask(queue.tasks, skipped);
  return {
    queue,
    task,
    accuracy,
    last,
    busy,
    fault,
    answer: (truth, note) => {
      if (task === null || busy) return;
      run(async () => {
        await api.label(task.id, truth, note.trim());
        setLast({ task, truth });
        await read();
      });
    },
    skip: () => {
      if (task !== null && queue !== null) setSkipped((held) => withSkipped(held, task.id, queue.tasks));
    },
    takeBack: () => {
      if (last === null || busy) return;
      run(async () => {
        await api.unlabel(last.task.id);
        setLast(null);
        await read();
      });
    },
    reload: () => run(read),
  };
}
