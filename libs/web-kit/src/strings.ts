/** Every word that the kit itself says. What belongs to one app comes in as a property from that app's own file. */
export const kitStrings = {
  locale: 'en-GB',
  none: '–',
  skip: 'Skip to the content',
  age: {
    seconds: (s: number) => `${s} s`,
    minutes: (m: number, s: number) => `${m} min ${s} s`,
    hours: (h: number, m: number) => `${h} h ${m} min`,
    days: (d: number, h: number) => `${d} d ${h} h`,
  },
  shell: {
    theme: 'Change between dark and light',
    help: 'Keyboard shortcuts',
    close: 'Close',
    views: 'Views',
  },
  connection: {
    live: 'Live',
    stale: 'Stale',
    lost: 'Connection lost',
    retrying: 'Trying again by itself.',
  },
  announce: {
    alarm: (title: string, detail: string) => `Alarm: ${title}. ${detail}`,
    cleared: 'All alarms are cleared.',
  },
  shortcuts: { enabled: 'Single-key shortcuts are on' },
  consequences: 'What will happen',
  errors: {
    title: 'That did not work',
    retry: 'Try again',
    unexpected: 'The page met an unexpected fault',
    reload: 'Reload the page',
  },
} as const;
