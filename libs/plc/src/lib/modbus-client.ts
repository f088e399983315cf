/**
 * One Modbus TCP connection, on modbus-serial. Requests are strictly one at a time: that library numbers transactions
 * modulo 256 and hands answers to the wrong caller when more are in flight. An answer that is late, unasked for or of
 * another transaction ends the connection, because clients that carry on stay one answer behind for good.
 */
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import { DeviceError } from '@edge-blueprints/contracts';
import type { Retry } from '@edge-blueprints/contracts';
import modbusSerial from 'modbus-serial';

export interface ModbusClientOptions {
  readonly host: string;
  readonly port: number;
  readonly unitId: number;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
}

type Library = InstanceType<typeof modbusSerial.default>;

/** All calls reject with a DeviceError; `retry` is `ambiguous` where a write may have reached the peer. */
export interface ModbusClient {
  readHolding(address: number, quantity: number): Promise<readonly number[]>;
  readInput(address: number, quantity: number): Promise<readonly number[]>;
  readCoils(address: number, quantity: number): Promise<readonly boolean[]>;
  readDiscrete(address: number, quantity: number): Promise<readonly boolean[]>;
  writeHolding(address: number, words: ArrayLike<number>): Promise<void>;
  writeCoil(address: number, on: boolean): Promise<void>;
  /** Function code 23: the peer writes first, then reads, in one round trip. */
  writeReadHolding(
    write: WordSpan,
    read: { readonly address: number; readonly quantity: number },
  ): Promise<readonly number[]>;
  readonly open: boolean;
  /** Settles when the connection is gone, with the reason. */
  readonly closed: Promise<DeviceError>;
  close(): void;
}

export interface WordSpan {
  readonly address: number;
  readonly words: ArrayLike<number>;
}

/**
 * @throws DeviceError `plc.connect-failed` (retry safe)
 */
export async function connectModbus(options: ModbusClientOptions, stop: AbortSignal): Promise<ModbusClient> {
  const socket = await openSocket(options, stop);
  const library = new modbusSerial.default();
  library.setID(options.unitId);
  library.setTimeout(options.timeoutMs);
  await library.linkTCP(socket, { port: options.port });
  const place = `${options.host}:${options.port}`;
  let reason: DeviceError | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let settleClosed: (reason: DeviceError) => void = () => undefined;
  const closed = new Promise<DeviceError>((resolve) => {
    settleClosed = resolve;
  });
  const abandon = new AbortController();

  const drop = (cause: DeviceError): void => {
    if (reason !== null) return;
    reason = cause;
    library.destroy(() => undefined);
    socket.destroy();
    settleClosed(cause);
    abandon.abort();
  };
  watchTransactions(socket, (detail) =>
    drop(
      new DeviceError('plc.transaction-mismatch', `${place} ${detail}; the connection was dropped`, { retry: 'safe' }),
    ),
  );
  socket.on('error', (cause) =>
    drop(
      new DeviceError('plc.connection-lost', `Connection to ${place} failed: ${cause.message}`, {
        retry: 'safe',
        cause,
      }),
    ),
  );
  socket.on('close', () =>
    drop(new DeviceError('plc.connection-lost', `${place} closed the connection`, { retry: 'safe' })),
  );
  library.on('error', () => undefined);

  const run = async <T>(kind: 'read' | 'write', call: () => Promise<T>): Promise<T> => {
    if (reason !== null) throw new DeviceError(reason.code, reason.message, { retry: 'safe', cause: reason });
    try {
      return await raceAbort(call(), abandon.signal);
    } catch (error) {
      const failure = classify(error, kind, place, options.timeoutMs, reason);
      if (failure.code !== 'plc.modbus-exception') drop(failure);
      throw failure;
    }
  };
  const inTurn = <T>(kind: 'read' | 'write', call: () => Promise<T>): Promise<T> => {
    const turn = queue.then(() => run(kind, call));
    queue = turn.catch(() => undefined);
    return turn;
  };
  const exactly = <T>(data: readonly T[], quantity: number): readonly T[] => {
    if (data.length >= quantity) return data.slice(0, quantity);
    throw new DeviceError('plc.protocol-violation', `${place} answered ${data.length} values instead of ${quantity}`);
  };

  return {
    readHolding: (address, quantity) =>
      inTurn('read', async () => exactly((await library.readHoldingRegisters(address, quantity)).data, quantity)),
    readInput: (address, quantity) =>
      inTurn('read', async () => exactly((await library.readInputRegisters(address, quantity)).data, quantity)),
    readCoils: (address, quantity) =>
      inTurn('read', async () => exactly((await library.readCoils(address, quantity)).data, quantity)),
    readDiscrete: (address, quantity) =>
      inTurn('read', async () => exactly((await library.readDiscreteInputs(address, quantity)).data, quantity)),
    writeHolding: (address, words) =>
      inTurn('write', async () => {
        const echo = await library.writeRegisters(address, Array.from(words));
        if (echo.address === address && echo.length === words.length) return;
        throw new DeviceError('plc.protocol-violation', `${place} echoed another write than the one to ${address}`);
      }),
    writeCoil: (address, on) =>
      inTurn('write', async () => {
        const echo = await library.writeCoil(address, on);
        if (echo.address === address && echo.state === on) return;
        throw new DeviceError(
          'plc.protocol-violation',
          `${place} echoed another write than the one to coil ${address}`,
        );
      }),
    writeReadHolding: (write, read) =>
      inTurn('write', async () => exactly(await writeRead(library, options.unitId, write, read), read.quantity)),
    get open() {
      return reason === null;
    },
    closed,
    close: () => drop(new DeviceError('plc.connection-closed', `The connection to ${place} was closed by this side`)),
  };
}

function writeRead(
  library: Library,
  unitId: number,
  write: WordSpan,
  read: { readonly address: number; readonly quantity: number },
): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const values = Array.from(write.words);
    library.writeFC23(unitId, read.address, read.quantity, write.address, values.length, values, (error, result) => {
      if (error) reject(error);
      else resolve(result.data);
    });
  });
}

function openSocket(options: ModbusClientOptions, stop: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port, connectTimeoutMs } = options;
    const socket = connectSocket({ host, port });
    const giveUp = (detail: string, cause?: unknown): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      socket.destroy();
      const message = `Cannot connect to the Modbus server ${host}:${port}: ${detail}; check that it runs and is reachable`;
      reject(new DeviceError('plc.connect-failed', message, { retry: 'safe', cause }));
    };
    const onStop = (): void => giveUp('stopped');
    const timer = setTimeout(() => giveUp(`no answer in ${connectTimeoutMs} ms`), connectTimeoutMs);
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    const onError = (cause: Error): void => giveUp(cause.message, cause);
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      socket.removeListener('error', onError);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}

/**
 * Compares the transaction number of each answer with the newest request on the wire. modbus-serial ignores answers that
 * it does not know; for us such an answer proves that this connection is out of step.
 */
function watchTransactions(socket: Socket, onMismatch: (detail: string) => void): void {
  let asked: number | null = null;
  const write = socket.write.bind(socket);
  socket.write = (chunk: Uint8Array | string): boolean => {
    if (typeof chunk !== 'string' && chunk.length >= 2) asked = (chunk[0] ?? 0) * 0x100 + (chunk[1] ?? 0);
    return write(chunk);
  };
  let pending: Buffer = Buffer.alloc(0);
  socket.prependListener('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 6) {
      const transaction = pending.readUInt16BE(0);
      const protocol = pending.readUInt16BE(2);
      const bytes = 6 + pending.readUInt16BE(4);
      if (protocol !== 0 || bytes > 260) return onMismatch(`answered bytes that are not Modbus TCP`);
      if (transaction !== asked) return onMismatch(`answered transaction ${transaction} while ${asked} was asked`);
      if (pending.length < bytes) return;
      pending = pending.subarray(bytes);
      asked = null;
    }
  });
}

function raceAbort<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void =>
      reject(new DeviceError('plc.connection-lost', 'the connection ended during the request'));
    signal.addEventListener('abort', onAbort, { once: true });
    call.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function classify(
  error: unknown,
  kind: 'read' | 'write',
  place: string,
  timeoutMs: number,
  dropped: DeviceError | null,
): DeviceError {
  const retry: Retry = kind === 'write' ? 'ambiguous' : 'safe';
  if (dropped !== null) return new DeviceError(dropped.code, dropped.message, { retry, cause: error });
  if (error instanceof DeviceError) return new DeviceError(error.code, error.message, { retry, cause: error });
  const code = exceptionCodeOf(error);
  if (code !== null) {
    const message = `${place} refused a ${kind} with Modbus exception ${code} (${exceptionNames[code] ?? 'unknown'})`;
    return new DeviceError('plc.modbus-exception', message, {
      retry: code === 6 ? 'safe' : 'never',
      cause: error,
      context: { exceptionCode: code },
    });
  }
  if (isTimeout(error)) {
    const meaning = kind === 'write' ? 'whether it took effect is unknown' : 'the connection was dropped';
    const message = `${place} did not answer a ${kind} within ${timeoutMs} ms; ${meaning}`;
    return new DeviceError(kind === 'write' ? 'plc.write-timeout' : 'plc.read-timeout', message, {
      retry,
      cause: error,
    });
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new DeviceError('plc.protocol-violation', `${place} broke the Modbus protocol: ${detail}`, {
    retry,
    cause: error,
  });
}

const exceptionNames: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  6: 'device busy, another client has the right to write',
  11: 'no such unit',
};

function exceptionCodeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('modbusCode' in error)) return null;
  return typeof error.modbusCode === 'number' ? error.modbusCode : null;
}

function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errno' in error && error.errno === 'ETIMEDOUT';
}
