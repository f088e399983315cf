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
  distribution: {
    reference: 'reference',
    current: 'last window',
    noWindowYet: 'No window has been tested yet.',
    none: 'This feature is many numbers at once; there is no single distribution to draw.',
    chart: (feature: string, summary: string) => `Distribution of ${feature} over that of the reference. ${summary}`,
    gap: (current: string, edge: string, reference: string) =>
      `${current} of the last window at or below ${edge}, in the reference ${reference}.`,
    axis: (feature: string, unit: string) => `Across: ${feature} (${unit}), cut at quantiles of the reference.`,
  },
  errors: {
    title: 'That did not work',
    retry: 'Try again',
    unexpected: 'The page met an unexpected fault',
    reload: 'Reload the page',
  },
} as const;
