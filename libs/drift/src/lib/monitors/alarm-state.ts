/** Quiet windows in a row before an alarm is over. */
const quietWindows = 2;

/** Raises at the first window that fires, clears after two in a row that do not. */
export interface AlarmState {
  readonly raised: boolean;
  /** @returns what this window changed */
  window(fires: boolean): 'raised' | 'cleared' | undefined;
}

export function createAlarmState(): AlarmState {
  let raised = false;
  let quiet = 0;
  return {
    get raised() {
      return raised;
    },
    window(fires) {
      if (fires) {
        quiet = 0;
        if (raised) return undefined;
        raised = true;
        return 'raised';
      }
      quiet += 1;
      if (!raised || quiet < quietWindows) return undefined;
      raised = false;
      return 'cleared';
    },
  };
}
