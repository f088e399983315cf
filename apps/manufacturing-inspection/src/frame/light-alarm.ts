/**
 * LIGHT_FAULT of the station: set by a picture that is black or out of the light limits, cleared when none was for the hold
 * time. Every picture is checked on its own as well, so clearing early can let no part pass; holding forever would keep
 * the line from ever showing a good picture again.
 */
export interface LightAlarm {
  see(code: string | undefined): void;
  isOn(): boolean;
}

const codes = new Set(['light.fault', 'frame.black']);

export function createLightAlarm(options: { readonly holdMs: number; readonly nowMs: () => number }): LightAlarm {
  let lastFaultMs = Number.NEGATIVE_INFINITY;
  return {
    see: (code) => {
      if (code !== undefined && codes.has(code)) lastFaultMs = options.nowMs();
    },
    isOn: () => options.nowMs() - lastFaultMs < options.holdMs,
  };
}
