import type { PartSummary } from '@edge-blueprints/contracts';
import { memo } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { formatTime } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import type { StripRing } from './strip-ring.js';
import styles from './strip-cells.module.css';

interface Props {
  readonly ring: StripRing;
  readonly chosen: PartSummary | null;
  onKeyDown(event: KeyboardEvent<HTMLElement>): void;
  onChoose(resultId: string): void;
}

const cellId = (slot: number): string => `strip-${slot}`;

export function StripCells({ ring, chosen, onKeyDown, onChoose }: Props): ReactNode {
  const chosenSlot = chosen === null ? -1 : ring.slots.findIndex((part) => part?.resultId === chosen.resultId);
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    const cell = event.target instanceof Element ? event.target.closest('[data-slot]') : null;
    const part = ring.slots[Number(cell?.getAttribute('data-slot') ?? -1)];
    if (part) onChoose(part.resultId);
  };
  return (
    <div
      id="verdict-strip"
      className={styles.cells}
      role="listbox"
      aria-label={`${strings.strip.title}. ${strings.strip.help}`}
      aria-activedescendant={chosenSlot === -1 ? undefined : cellId(chosenSlot)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {ring.slots.map((part, slot) => (
        <Cell key={slot} slot={slot} part={part} chosen={slot === chosenSlot} newest={slot === ring.head} />
      ))}
    </div>
  );
}

interface CellProps {
  readonly slot: number;
  readonly part: PartSummary | null;
  readonly chosen: boolean;
  readonly newest: boolean;
}

const Cell = memo(function Cell({ slot, part, chosen, newest }: CellProps): ReactNode {
  if (part === null) return <span className={styles.cell} role="presentation" data-verdict="none" />;
  return (
    <span
      id={cellId(slot)}
      className={styles.cell}
      role="option"
      aria-selected={chosen}
      aria-label={strings.strip.part(part.partId, strings.verdict[part.verdict], part.reason, formatTime(part.at))}
      data-slot={slot}
      data-verdict={part.verdict}
      data-newest={newest || undefined}
      data-overruled={part.overruled || undefined}
    />
  );
});
