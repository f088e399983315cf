// The three deployment patterns with the same app: processes of their own, cut apart on purpose.
// EDGE_PATTERNS names those that run: `on-device,fog,hybrid`, all of them when it is not set.
import { absent, suite } from './check.js';
import { fogPattern } from './patterns/fog.js';
import { hybridPattern } from './patterns/hybrid.js';
import { onDevicePattern } from './patterns/on-device.js';
import { hasStrace } from './privacy/write-watch.js';

const wanted = (process.env['EDGE_PATTERNS'] ?? 'on-device,fog,hybrid').split(',');

if (wanted.includes('fog')) await suite('fog', fogPattern);
if (wanted.includes('hybrid')) await suite('hybrid', hybridPattern);
if (wanted.includes('on-device')) {
  // `absent` ends the process: what failed before must stay a failure.
  const failed = process.exitCode !== undefined;
  if (!hasStrace() && !failed) absent('on-device', 'strace, or the right to use it');
  if (hasStrace()) await suite('on-device', onDevicePattern);
}
