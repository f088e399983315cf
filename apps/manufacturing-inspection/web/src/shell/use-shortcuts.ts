import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Route } from './route.js';
import { navigate } from './use-route.js';

export interface Shortcuts {
  readonly enabled: boolean;
  setEnabled(enabled: boolean): void;
}

const storageKey = 'station-shortcuts';

const pages: Readonly<Record<string, Route>> = {
  '1': { page: 'overview' },
  '2': { page: 'evidence', verdict: 'reject' },
  '3': { page: 'thresholds', classIndex: null },
  '4': { page: 'health' },
};

/** A key belongs to the page only when nobody is writing and no dialog is open. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const target = event.target;
  if (!(target instanceof Element)) return true;
  return target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="slider"]') === null;
}

export function shortcutsEnabled(): boolean {
  return window.localStorage.getItem(storageKey) !== 'off';
}

export function useShortcuts(openHelp: () => void): Shortcuts {
  const [enabled, setEnabled] = useState(shortcutsEnabled);
  const scheme = useComputedColorScheme('dark');
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!enabled || !isForPage(event)) return;
      const route = pages[event.key];
      if (route) navigate(route);
      else if (event.key === '?') openHelp();
      else if (event.key === 'd') setColorScheme(scheme === 'dark' ? 'light' : 'dark');
      else if (event.key === 's') {
        if (window.location.hash.length > 2) navigate({ page: 'overview' });
        requestAnimationFrame(() => document.getElementById('verdict-strip')?.focus());
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [enabled, openHelp, scheme, setColorScheme]);
  return {
    enabled,
    setEnabled: (next) => {
      window.localStorage.setItem(storageKey, next ? 'on' : 'off');
      setEnabled(next);
    },
  };
}
