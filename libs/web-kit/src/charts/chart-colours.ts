/** Colours of the current scheme for things that are drawn on a canvas. */
export interface ChartColours {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly track: string;
  readonly accent: string;
  readonly found: string;
  readonly stop: string;
  readonly act: string;
  readonly panel: string;
}

export function chartColours(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: read('ink'),
    soft: read('soft'),
    line: read('line'),
    track: read('track'),
    accent: read('accent'),
    found: read('found'),
    stop: read('stop'),
    act: read('act'),
    panel: read('panel'),
  };
}

export const chartFont = "12px 'Inter', 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";
