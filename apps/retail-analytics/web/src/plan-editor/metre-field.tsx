import { useState } from 'react';
import type { ReactNode } from 'react';
import { typedNumber } from '../figures/typed-number.js';
import { strings } from '../strings.js';
import styles from './plan-editor.module.css';

interface Props {
  readonly label: string;
  readonly value: number;
  readonly digits?: number;
  readonly low: number;
  readonly high: number;
  onValue(value: number): void;
  onFocus?(): void;
}

/** A number that is taken over when it is complete and in its range; until then it stays as typed, with the range below. */
export function MetreField({ label, value, digits = 2, low, high, onValue, onFocus }: Props): ReactNode {
  const [typed, setTyped] = useState<string | null>(null);
  const number = typed === null ? value : typedNumber(typed);
  const isWrong = number === null || number < low || number > high;
  const take = (): void => {
    if (typed === null || isWrong) return;
    setTyped(null);
    onValue(Number(number.toFixed(digits)));
  };
  return (
    <>
      <input
        className={styles.number}
        inputMode="decimal"
        aria-label={label}
        aria-invalid={isWrong || undefined}
        value={typed ?? value.toFixed(digits)}
        onFocus={onFocus}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      {isWrong && (
        <small role="alert" className={styles.wrong}>
          {strings.editor.range(String(low), String(high))}
        </small>
      )}
    </>
  );
}
