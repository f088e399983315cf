import type { ReactNode } from 'react';
import { PinSession } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { useApi } from './api-context.js';

export { useSession } from '@edge-blueprints/web-kit';

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <PinSession api={useApi()} words={strings.signIn}>
      {children}
    </PinSession>
  );
}
