import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The device of the demo as the hub knows it. */
export const demoDevice = { site: 'demo', device: 'line-1' } as const;

/** The hub's configuration for this run: everything embedded, plain MQTT on loopback, which its page says. */
export function hubConfig(input: {
  readonly folder: string;
  /** The built page. */
  readonly page: string;
  readonly pagePort: number;
  readonly mqttPort: number;
}) {
  return {
    store: { kind: 'pglite', folder: join(input.folder, 'store') },
    broker: { kind: 'embedded', port: input.mqttPort },
    identity: { revocationsFile: join(input.folder, 'revocations.jsonl') },
    // A minute without network is long enough here to see every state.
    devices: { staleAfterMs: 15_000, offlineAfterMs: 45_000, deathGraceMs: 5_000, latencyMs: 800 },
    dashboard: { port: input.pagePort },
    page: { folder: input.page },
  };
}

/** What the station needs to know of the hub, behind the link that the demo can cut. */
export function stationHubConfig(linkPort: number, state: string) {
  return {
    hub: {
      ...demoDevice,
      url: `mqtt://127.0.0.1:${linkPort}`,
      keepaliveSeconds: 10,
      reconnectMaxMs: 5_000,
      outbox: { file: join(state, 'outbox.sqlite'), maxBytes: 200_000_000, groupMs: 500 },
    },
    telemetry: { reportEveryMs: 5_000 },
    drift: { partsPerHour: 7_200 },
    labels: { perDay: 1_500, partsPerDay: 170_000, minimumPerStratum: 20 },
  };
}

/** The admin's password of this data folder: drawn once, kept beside the hub's store, so that the next start has the same. */
export async function adminPassword(folder: string): Promise<string> {
  const file = join(folder, 'admin-password');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const drawn = randomBytes(9).toString('base64url');
  await writeFile(file, `${drawn}\n`, { mode: 0o600 });
  return drawn;
}
