import { Input } from '@mantine/core';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { reasonLength } from './reason.js';
import styles from './reason-input.module.css';

interface Props {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  onChange(value: string): void;
}

/** The reason that an act is recorded with. */
export function ReasonInput({ label, hint, value, onChange }: Props): ReactNode {
  const id = useId();
  return (
    <Input.Wrapper id={id} label={label} description={hint} required size="md">
      <textarea
        id={id}
        className={styles.text}
        rows={3}
        required
        maxLength={reasonLength.most}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Input.Wrapper>
  );
}
