import { Button } from '@mantine/core';
import type { HubRole } from '@edge-blueprints/contracts';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './act-button.module.css';
import { useSession } from './session-context.js';

interface Props {
  readonly needs: HubRole;
  readonly variant?: 'filled' | 'default';
  readonly size?: 'sm' | 'md';
  readonly disabled?: boolean;
  readonly loading?: boolean;
  readonly children: ReactNode;
  onClick(): void;
}

/** An act that not everybody may do: who may not reads why, instead of being refused afterwards. */
export function ActButton({
  needs,
  variant = 'default',
  size = 'md',
  disabled,
  loading,
  children,
  onClick,
}: Props): ReactNode {
  const session = useSession();
  const id = useId();
  const may = session.may(needs);
  return (
    <span className={styles.act}>
      <Button
        variant={variant}
        size={size}
        disabled={!may || disabled === true}
        loading={loading === true}
        onClick={onClick}
        aria-describedby={may ? undefined : id}
      >
        {children}
      </Button>
      {!may && (
        <small id={id} className={styles.why}>
          {strings.session.needs(strings.roles[needs])}
        </small>
      )}
    </span>
  );
}
