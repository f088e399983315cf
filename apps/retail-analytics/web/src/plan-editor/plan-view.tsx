import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/store-status.js';
import { PlanEditor } from './plan-editor.js';

/** Level 3: what is measured where, drawn in metres. */
export function PlanView(): ReactNode {
  const { view } = useStatus();
  return view === null ? <Skeleton height={480} /> : <PlanEditor inForce={view.plan} cameras={view.cameras} />;
}
