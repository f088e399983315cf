import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

export interface Shortcuts {
  readonly enabled: boolean;
  setEnabled(enabled: boolean): void;
}

/** A key belongs to the page only when nobody is writing and no dialog is open. */
export function isForPage(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const target = event.target;
  if (!(target instanceof Element)) return true;
  return target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="slider"]') === null;
}

export function shortcutsEnabled(storageKey: string): boolean {
  return window.localStorage.getItem(storageKey) !== 'off';
}

/**
 * Single keys of a whole page: `?` opens the help, `d` changes between dark and light, the rest is the app's. They can be
 * switched off, since speech input and some keyboards press single keys by accident (WCAG 2.1.4).
 */
export function usePageShortcuts(
  storageKey: string,
  openHelp: () => void,
  keys: Readonly<Record<string, () => void>>,
): Shortcuts {
  const [enabled, setEnabled] = useState(() => shortcutsEnabled(storageKey));
  const scheme = useComputedColorScheme('dark');
  const { setColorScheme } = useMantineColorScheme();
  const latest = useRef({ openHelp, keys });
  latest.current = { openHelp, keys };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!enabled || !isForPage(event)) return;
      const act = Object.hasOwn(latest.current.keys, event.key) ? latest.current.keys[event.key] : undefined;
      if (act) act();
      else if (event.key === '?') latest.current.openHelp();
      else if (event.key === 'd') setColorScheme(scheme === 'dark' ? 'light' : 'dark');
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [enabled, scheme, setColorScheme]);
  return {
    enabled,
    setEnabled: (next) => {
      window.localStorage.setItem(storageKey, next ? 'on' : 'off');
      setEnabled(next);
    },
  };
}
