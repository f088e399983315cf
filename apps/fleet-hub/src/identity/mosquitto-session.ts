import { connect } from 'node:net';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';

/**
 * Ends the session of a client by taking it over through the control socket of Mosquitto, and leaving at once: a second
 * CONNECT with the same client id is the only way that MQTT 3.1.1 has to cut somebody else's connection.
 * @throws DeviceError `identity.mosquitto-control`
 */
export function cutMosquittoSession(controlSocket: string, clientId: string, timeoutMs = 2_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      socket.destroy();
      const message = `The session of ${clientId} could not be cut by ${controlSocket}: ${why}`;
      reject(new DeviceError('identity.mosquitto-control', message, { retry: 'safe' }));
    };
    const socket = connect(controlSocket, () => socket.write(connectPacket(clientId)));
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs} ms`));
    socket.on('error', (error) => fail(errorMessage(error)));
    socket.on('close', () => fail('the broker closed the connection'));
    socket.once('data', (answer: Buffer) => {
      // CONNACK, MQTT 3.1.1 section 3.2: type 2, length 2, flags, return code.
      if (answer[0] !== 0x20 || answer[3] !== 0) return fail(`return code ${answer[3] ?? '?'}`);
      socket.removeAllListeners('close');
      socket.end(Buffer.from([0xe0, 0]));
      resolve();
    });
  });
}

/** CONNECT of MQTT 3.1.1 with a clean session and a keepalive of 10 s. */
function connectPacket(clientId: string): Buffer {
  const id = Buffer.from(clientId);
  const body = Buffer.concat([
    Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 10, id.length >> 8, id.length & 0xff]),
    id,
  ]);
  const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
  return Buffer.concat([Buffer.from([0x10, ...length]), body]);
}
