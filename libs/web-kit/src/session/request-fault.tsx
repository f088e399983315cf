import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Mark } from '../shell/mark.js';
import { kitStrings as strings } from '../strings.js';
import styles from './request-fault.module.css';
import type { ApiError } from './api-error.js';

interface Props {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}

export function RequestFault({ error, onRetry }: Props): ReactNode {
  return (
    <div className={styles.fault} role="alert">
      <Mark kind="act" />
      <div>
        <strong>{strings.errors.title}</strong>
        <p>{error.message}</p>
        <p className={styles.code}>{error.code}</p>
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {strings.errors.retry}
        </Button>
      )}
    </div>
  );
}
