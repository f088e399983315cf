import { createTheme, localStorageColorSchemeManager } from '@mantine/core';
import type { MantineColorSchemeManager } from '@mantine/core';

/** Colours live in tokens.css; the component library only learns the sizes that gloves need. */
export const theme = createTheme({
  primaryColor: 'blue',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } },
    ActionIcon: { defaultProps: { size: 44, variant: 'subtle', color: 'gray' } },
    NumberInput: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
  },
});

/** Sets the scheme before the first paint: the stored choice, else what the system asks for. @returns what remembers the choice */
export function startScheme(storageKey: string): MantineColorSchemeManager {
  const manager = localStorageColorSchemeManager({ key: storageKey });
  const stored = manager.get('auto');
  const dark = stored === 'auto' ? window.matchMedia('(prefers-color-scheme: dark)').matches : stored === 'dark';
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  return manager;
}
