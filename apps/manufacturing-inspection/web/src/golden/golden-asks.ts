import type { StationView } from '@edge-blueprints/contracts';

/**
 * Whether the golden check asks for an act. A station that does not require the check never holds the line for it and
 * never sets the status bit, so a check that was never run is then no alarm.
 */
export function goldenAsks({
  golden,
  plc,
  lineState,
}: Pick<StationView, 'golden' | 'plc' | 'lineState'>): 'stop' | 'act' | null {
  if (golden.state === 'failed') return 'stop';
  if (golden.state === 'bypassed') return 'act';
  if (golden.state === 'passed' || golden.state === 'running') return null;
  return lineState === 'Held' || plc.statusBits.includes('GOLDEN_DUE') ? 'act' : null;
}
