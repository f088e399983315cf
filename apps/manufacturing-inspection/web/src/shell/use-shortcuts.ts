import { shortcutsEnabled, usePageShortcuts } from '@edge-blueprints/web-kit';
import type { Shortcuts } from '@edge-blueprints/web-kit';
import { navigate } from './use-route.js';

const storageKey = 'station-shortcuts';

const keys: Readonly<Record<string, () => void>> = {
  '1': () => navigate({ page: 'overview' }),
  '2': () => navigate({ page: 'evidence', verdict: 'reject' }),
  '3': () => navigate({ page: 'thresholds', classIndex: null }),
  '4': () => navigate({ page: 'health' }),
  s: () => {
    if (window.location.hash.length > 2) navigate({ page: 'overview' });
    requestAnimationFrame(() => document.getElementById('verdict-strip')?.focus());
  },
};

export function shortcutsOn(): boolean {
  return shortcutsEnabled(storageKey);
}

export function useShortcuts(openHelp: () => void): Shortcuts {
  return usePageShortcuts(storageKey, openHelp, keys);
}
