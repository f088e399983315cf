import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cfxMessage } from './cfx-message.fixture.js';
import type { MesEvent, MesReceiver } from './mes-receiver.js';
import { createMesReceiver } from './mes-receiver.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function mes(storeFile?: string) {
  const events: MesEvent[] = [];
  const receiver: MesReceiver = await createMesReceiver({ port: 0, storeFile, emit: (event) => events.push(event) });
  closers.push(() => receiver.close());
  const post = (message: unknown, signal?: AbortSignal): Promise<Response> =>
    fetch(`http://127.0.0.1:${receiver.port}/cfx`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof message === 'string' ? message : JSON.stringify(message),
      ...(signal ? { signal } : {}),
    });
  return { receiver, events, post };
}

const fresh = (unit?: string) =>
  cfxMessage({ uniqueId: randomUUID(), transactionId: randomUUID(), ...(unit === undefined ? {} : { unit }) });

describe('createMesReceiver', () => {
  it('takes a message over once and acknowledges every repetition', async () => {
    const { receiver, post, events } = await mes();
    const message = cfxMessage();
    const answers = await Promise.all([
      post(message),
      post(message),
      post({ ...message, TimeStamp: '2026-11-22T13:00:00Z' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(bodies.filter((body) => (body as { duplicate: boolean }).duplicate)).toHaveLength(2);
    expect(receiver.state()).toMatchObject({
      received: 1,
      duplicates: 2,
      units: 2,
      passed: 1,
      failed: 1,
      defects: { open: 1, 'pin-hole': 1 },
    });
    expect(events.filter(({ event }) => event === 'received')).toEqual([
      { event: 'received', uniqueId: message.UniqueID, units: ['B00000017#1', 'B00000017-b#1'] },
    ]);
  });

  it('knows a transaction again in a new envelope', async () => {
    const { receiver, post } = await mes();
    await post(cfxMessage());
    const answer = await post(cfxMessage({ uniqueId: randomUUID() }));
    expect(await answer.json()).toMatchObject({ accepted: true, duplicate: true });
    expect(receiver.state()).toMatchObject({ received: 1, duplicates: 1 });
  });

  it('refuses a known identity with other content', async () => {
    const { receiver, post } = await mes();
    await post(cfxMessage());
    expect((await post(cfxMessage({ unit: 'B99' }))).status).toBe(409);
    expect((await post(cfxMessage({ unit: 'B98', uniqueId: randomUUID() }))).status).toBe(409);
    expect(receiver.state()).toMatchObject({ received: 1, conflicts: 2, units: 2 });
  });

  it('counts what it refuses and says why', async () => {
    const { receiver, post, events } = await mes();
    const answer = await post({ ...cfxMessage(), MessageName: 'CFX.Heartbeat' });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(await answer.json())).toContain('MessageName');
    expect((await post('{"half":')).status).toBe(400);
    expect(receiver.state()).toMatchObject({ received: 0, invalid: 2 });
    expect(events.map(({ event }) => event)).toEqual(['invalid', 'invalid']);
  });

  it('notices a unit that is reported by two messages', async () => {
    const { receiver, post } = await mes();
    await post(fresh());
    await post(fresh());
    expect(receiver.state()).toMatchObject({ received: 2, units: 4, repeatedUnits: 2 });
  });

  it('counts what a person judged again apart from the inspections, once', async () => {
    const { receiver, post } = await mes();
    await post(fresh());
    const machine = cfxMessage({ uniqueId: randomUUID(), transactionId: randomUUID() });
    const inspections = machine.MessageBody.InspectedUnits.slice(1);
    const again = {
      ...machine,
      MessageBody: { ...machine.MessageBody, InspectionMethod: 'Human', InspectedUnits: inspections },
    };
    await post(again);
    expect((await (await post(again)).json()) as unknown).toMatchObject({ duplicate: true });
    expect(receiver.state()).toMatchObject({ units: 2, repeatedUnits: 0, duplicates: 1, overruledUnknown: 0 });
    const { overruledToPassed, overruledToFailed } = receiver.state();
    expect(overruledToPassed + overruledToFailed).toBe(1);
  });

  it('shows its state and refuses other paths and methods', async () => {
    const { receiver, post } = await mes();
    await post(fresh());
    const base = `http://127.0.0.1:${receiver.port}`;
    expect(await (await fetch(`${base}/state`)).json()).toMatchObject({ received: 1, faults: [] });
    expect((await fetch(`${base}/cfx`)).status).toBe(405);
    expect((await fetch(`${base}/other`)).status).toBe(404);
    expect((await post('x'.repeat(17 * 1024 * 1024))).status).toBe(413);
  });

  it('still knows its messages after a restart, and drops a line that a crash cut off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mes-'));
    closers.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'deep', 'store.ndjson');
    const first = await mes(file);
    await first.post(cfxMessage());
    await first.receiver.close();
    await appendFile(file, '{"uniqueId":"cut');
    const second = await mes(file);
    expect(second.receiver.state()).toMatchObject({ received: 1, units: 2 });
    expect(await (await second.post(cfxMessage())).json()).toMatchObject({ duplicate: true });
    await second.post(fresh('B18'));
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
    await second.receiver.close();
    await writeFile(file, 'nonsense\n');
    await expect(mes(file)).rejects.toMatchObject({ code: 'mes.store-unreadable' });
  });

  it('takes over and loses the answer when told so: the repetition is a duplicate', async () => {
    const { receiver, post } = await mes();
    await receiver.setFault('ack-lost', true);
    await expect(post(cfxMessage())).rejects.toThrow();
    await receiver.setFault('ack-lost', false);
    expect(await (await post(cfxMessage())).json()).toMatchObject({ duplicate: true });
    expect(receiver.state()).toMatchObject({ received: 1, duplicates: 1 });
  });

  it('fails, hangs and disappears when told so, and takes nothing over meanwhile', async () => {
    const { receiver, post, events } = await mes();
    await receiver.setFault('error-500', true);
    expect((await post(fresh())).status).toBe(500);
    await receiver.setFault('error-500', false);
    await receiver.setFault('hang', true);
    await expect(post(fresh(), AbortSignal.timeout(100))).rejects.toThrow();
    await receiver.setFault('hang', false);
    const { port } = receiver;
    await receiver.setFault('gone', true);
    await expect(post(fresh())).rejects.toThrow();
    expect(receiver.state().received).toBe(0);
    await receiver.setFault('gone', false);
    expect(receiver.port).toBe(port);
    expect((await post(fresh())).status).toBe(200);
    expect(events.filter(({ event }) => event === 'fault')).toHaveLength(6);
  });
});
