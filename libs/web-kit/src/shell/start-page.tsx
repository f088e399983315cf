import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { FaultBoundary } from './fault-boundary.js';
import { startScheme, theme } from './theme.js';

/** Puts a page into `#root` of its index.html, in the scheme that was chosen last. @throws TypeError without `#root` */
export function startPage(schemeKey: string, page: ReactNode): void {
  const colorSchemeManager = startScheme(schemeKey);
  const root = document.getElementById('root');
  if (root === null) throw new TypeError('index.html has no element #root');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={colorSchemeManager}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <FaultBoundary>{page}</FaultBoundary>
      </MantineProvider>
    </StrictMode>,
  );
}
