import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { fewestCorners } from './plan-parts.js';
import type { Drawing } from './use-plan-pointer.js';
import styles from './plan-editor.module.css';

const text = strings.editor;

interface Props {
  readonly drawing: Drawing;
  onClose(): void;
  onMiddle(): void;
  onCancel(): void;
}

/** What the next tap on the plan does, and the ways out. */
export function DrawingBar({ drawing, onClose, onMiddle, onCancel }: Props): ReactNode {
  const { kind, points } = drawing;
  return (
    <div className={styles.bar} role="group" aria-label={text.addOf(text.kind[kind])}>
      <p role="status">{kind === 'line' ? text.drawLine : text.drawArea(text.kind[kind])}</p>
      {kind !== 'line' && (
        <Button size="sm" onClick={onClose} disabled={points.length < fewestCorners}>
          {text.close}
        </Button>
      )}
      {points.length === 0 && (
        <Button variant="default" size="sm" onClick={onMiddle}>
          {text.middle}
        </Button>
      )}
      <Button variant="default" size="sm" onClick={onCancel}>
        {text.cancel}
      </Button>
    </div>
  );
}
