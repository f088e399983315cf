import { wearableTopic, type WearableIdentity } from '@edge-blueprints/contracts';

export interface StrayMessage {
  readonly topic: string;
  readonly payload: string | Uint8Array;
  readonly retain?: boolean;
}

/** What a broken firmware sends on its own topics: none of it may be taken as a sample, all of it must be counted. */
export function malformedMessages(identity: WearableIdentity, boot: string, seq: number): readonly StrayMessage[] {
  const topic = wearableTopic(identity, 'hr');
  const sample = { boot, seq, tDevMs: 1, v: 80, q: 90, status: [] };
  const json = (change: Readonly<Record<string, unknown>>): StrayMessage => ({
    topic,
    payload: JSON.stringify({ ...sample, ...change }),
  });
  return [
    { topic, payload: '' },
    { topic, payload: JSON.stringify(sample).slice(0, 31) },
    { topic, payload: 'null' },
    { topic, payload: '[1,2,3]' },
    { topic, payload: Uint8Array.of(0xff, 0xfe, 0x00, 0x7b, 0xc3) },
    { topic, payload: JSON.stringify(sample).replace('80', 'NaN') },
    { topic, payload: JSON.stringify(sample).replace('80', '1e999') },
    json({ v: '80' }),
    json({ seq: -1 }),
    json({ seq: 1.5 }),
    json({ boot: 'UPPER CASE' }),
    json({ q: 101 }),
    json({ status: ['fine'] }),
    json({ patient: 'no such field' }),
    {
      topic: wearableTopic(identity, 'acc'),
      payload: JSON.stringify({ boot, seq, tDevMs: 1, hz: 50, scale: 9, xyz: '%' }),
    },
    { topic: wearableTopic(identity, 'state'), payload: JSON.stringify({ boot, online: 'yes' }) },
  ];
}

/**
 * What an attacker who holds this device tries: to speak for another one, for the ward or its gateway, to command, to
 * fill memory. A broker with topic rights refuses or ends the connection; a gateway behind one without them must not follow.
 */
export function hostileMessages(identity: WearableIdentity, boot: string, seq: number): readonly StrayMessage[] {
  const other = { ...identity, device: `${identity.device.slice(0, 40)}x` };
  const root = `hc/v1/${identity.site}/${identity.ward}`;
  const sample = JSON.stringify({ boot, seq, tDevMs: 1, v: 20, q: 100, status: [] });
  return [
    { topic: wearableTopic(other, 'hr'), payload: sample },
    { topic: wearableTopic(other, 'state'), payload: JSON.stringify({ boot, online: false }), retain: true },
    { topic: wearableTopic(other, 'cmd'), payload: '{"command":"off"}' },
    { topic: `${root}/gw/heartbeat`, payload: '{}', retain: true },
    { topic: `${root}/alarm/none`, payload: '', retain: true },
    { topic: `hc/v1/${identity.site}/another-ward/dev/${identity.device}/hr`, payload: sample },
    { topic: `${root}/dev/${identity.device}/hr/../../x/hr`, payload: sample },
    { topic: `${root}/dev/__proto__/hr`, payload: sample },
    { topic: wearableTopic(identity, 'hr'), payload: `{"__proto__":{"admin":true},${sample.slice(1)}` },
    { topic: wearableTopic(identity, 'spo2'), payload: '['.repeat(20_000) },
    {
      topic: wearableTopic(identity, 'acc'),
      payload: JSON.stringify({ boot, seq, tDevMs: 1, hz: 50, scale: 1, xyz: 'A'.repeat(60_000) }),
    },
  ];
}
