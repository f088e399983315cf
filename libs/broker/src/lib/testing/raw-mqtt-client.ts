import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** MQTT 3.1.1 by hand, so that tests can also say what no proper client would. */
export interface RawMqttClient {
  readonly socket: Socket;
  send(bytes: Uint8Array): void;
  /** The next packet of this type. @throws when the connection closes or 5 s pass */
  receive(type: number): Promise<ReceivedPacket>;
  /** Packets of this type that came and were not yet received. */
  pending(type: number): number;
  /** Resolves when the other side has closed the connection. */
  closed(): Promise<void>;
  destroy(): void;
}

export interface ReceivedPacket {
  readonly type: number;
  readonly flags: number;
  readonly body: Buffer;
}

export const packetTypes = { connack: 2, publish: 3, puback: 4, suback: 9, pingresp: 13 } as const;

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** Remaining Length, section 2.2.3. */
export function lengthField(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.from(bytes);
}

const packet = (first: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([first]), lengthField(body.length), body]);
};

export interface RawConnect {
  readonly clientId: string | Buffer;
  readonly keepaliveSeconds?: number;
  readonly protocolLevel?: number;
  readonly clean?: boolean;
  readonly will?: { readonly topic: string; readonly payload: string; readonly retain: boolean };
}

export function connectPacket(options: RawConnect): Buffer {
  const { will } = options;
  const flags = (options.clean === false ? 0 : 2) | (will === undefined ? 0 : 4 | 8 | (will.retain ? 32 : 0));
  const keepalive = options.keepaliveSeconds ?? 60;
  return packet(
    0x10,
    text('MQTT'),
    Buffer.from([options.protocolLevel ?? 4, flags, keepalive >> 8, keepalive & 0xff]),
    text(options.clientId),
    ...(will === undefined ? [] : [text(will.topic), text(will.payload)]),
  );
}

export function publishPacket(
  topic: string | Buffer,
  payload: Uint8Array,
  options: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean; readonly id?: number } = {},
): Buffer {
  const qos = options.qos ?? 1;
  const id = options.id ?? 1;
  return packet(
    0x30 | (qos << 1) | (options.retain === true ? 1 : 0),
    text(topic),
    ...(qos > 0 ? [Buffer.from([id >> 8, id & 0xff])] : []),
    Buffer.from(payload),
  );
}

export function subscribePacket(filter: string | Buffer, id = 7): Buffer {
  return packet(0x82, Buffer.from([id >> 8, id & 0xff]), text(filter), Buffer.from([1]));
}

export const pingPacket = Buffer.from([0xc0, 0]);
export const disconnectPacket = Buffer.from([0xe0, 0]);

export async function openRawClient(target: Socket | number): Promise<RawMqttClient> {
  const socket = typeof target === 'number' ? connect({ host: '127.0.0.1', port: target, noDelay: true }) : target;
  if (typeof target === 'number') await once(socket, 'connect');
  const received: ReceivedPacket[] = [];
  const listeners = new Set<() => void>();
  let buffered = Buffer.alloc(0);
  let gone = false;
  const tell = (): void => listeners.forEach((listener) => listener());
  socket.on('error', () => undefined);
  socket.on('close', () => {
    gone = true;
    tell();
  });
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = cutFrame(buffered); frame !== null; frame = cutFrame(buffered)) {
      received.push(frame.packet);
      buffered = Buffer.from(frame.rest);
    }
    tell();
  });
  const until = <T>(what: string, look: () => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        listeners.delete(check);
      };
      const check = (): void => {
        const found = look();
        if (found !== undefined) resolve(found);
        else if (gone) reject(new Error(`${what}: the connection was closed`));
        else return;
        end();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${what}: nothing came within 5 s`));
      }, 5_000);
      listeners.add(check);
      check();
    });
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    receive: (type) =>
      until(`packet type ${type}`, () => {
        const at = received.findIndex((candidate) => candidate.type === type);
        return at < 0 ? undefined : received.splice(at, 1)[0];
      }),
    pending: (type) => received.filter((candidate) => candidate.type === type).length,
    closed: async () => void (await until('close', () => (gone ? true : undefined))),
    destroy: () => void socket.destroy(),
  };
}

/** Opens, says CONNECT and @returns the client with the return code of CONNACK. */
export async function connectRawClient(
  target: Socket | number,
  options: RawConnect,
): Promise<{ readonly client: RawMqttClient; readonly returnCode: number }> {
  const client = await openRawClient(target);
  client.send(connectPacket(options));
  const { body } = await client.receive(packetTypes.connack);
  return { client, returnCode: body[1] ?? -1 };
}

/** Topic and payload of a received PUBLISH. */
export function readPublish(received: ReceivedPacket): {
  readonly topic: string;
  readonly payload: Buffer;
  readonly id: number | null;
} {
  const length = received.body.readUInt16BE(0);
  const withId = (received.flags & 6) !== 0;
  return {
    topic: received.body.subarray(2, 2 + length).toString(),
    payload: received.body.subarray(2 + length + (withId ? 2 : 0)),
    id: withId ? received.body.readUInt16BE(2 + length) : null,
  };
}

function cutFrame(bytes: Buffer): { readonly packet: ReceivedPacket; readonly rest: Buffer } | null {
  let length = 0;
  for (let at = 1; at < Math.min(bytes.length, 5); at += 1) {
    const byte = bytes[at] ?? 0;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte >= 0x80) continue;
    const end = at + 1 + length;
    if (bytes.length < end) return null;
    const first = bytes[0] ?? 0;
    return {
      packet: { type: first >> 4, flags: first & 0x0f, body: bytes.subarray(at + 1, end) },
      rest: bytes.subarray(end),
    };
  }
  return null;
}
