import type { Server as HttpServer } from 'node:http';
import { Server as SocketServer } from 'socket.io';
import type { Socket } from 'socket.io';
import { covers } from './access.js';
import type { Access, RouteAccess } from './access.js';
import type { DashboardConfig } from './dashboard-config.js';
import type { LiveInbound, LivePage } from './live-inbound.js';
import { isKnownHost, isOwnOrigin } from './request-origin.js';
import type { SessionCookie } from './session-cookie.js';

export interface LiveChannel {
  viewers(): number;
  publish(event: string, ...payload: readonly unknown[]): void;
  notify(event: string, ...payload: readonly unknown[]): void;
  close(): Promise<void>;
}

const maxViewers = 64;
/** Messages that may wait for one page before it is taken for dead and cut off. */
const maxWaiting = 64;
/** The same for what is sent to one page, which may be all that it missed. */
const maxWaitingForOne = 2_048;

/** The live side: who may listen, and what happens to those who cannot keep up. */
export function createLiveChannel(
  http: HttpServer,
  parts: {
    readonly config: DashboardConfig;
    readonly access: Access;
    readonly cookie: SessionCookie;
    readonly needs: RouteAccess;
    /** How often sessions of connected pages are looked at. */
    readonly sessionCheckMs: number;
    readonly inbound?: LiveInbound | undefined;
    /** Of a monotonic clock; only needed with `inbound`. */
    readonly nowMs?: () => number;
  },
): LiveChannel {
  const allowed = (cookies: string | undefined): boolean =>
    covers(parts.access.session(parts.cookie.tokenOf(cookies))?.user.role, parts.needs);
  const sockets = new SocketServer(http, {
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 16_384,
    allowRequest: (request, decide) => {
      const { host, origin, cookie } = request.headers;
      if (!isKnownHost(host, parts.config) || !isOwnOrigin({ host, origin, fetchSite: undefined }))
        decide('dashboard.origin-refused', false);
      else if (!allowed(cookie)) decide('dashboard.sign-in-needed', false);
      else decide(null, sockets.engine.clientsCount < maxViewers);
    },
  });
  const lastByEvent = new Map<string, readonly unknown[]>();
  const waitingBySocket = new Map<Socket, number>();
  const send = (socket: Socket, most: number, event: string, payload: readonly unknown[]): void => {
    const waiting = waitingBySocket.get(socket);
    if (waiting === undefined) return;
    if (waiting >= most) return cutOff(socket);
    waitingBySocket.set(socket, waiting + 1);
    socket.emit(event, ...payload);
  };
  sockets.on('connection', (socket) => {
    waitingBySocket.set(socket, 0);
    if (parts.inbound !== undefined) listen(socket, parts.inbound, parts.nowMs ?? (() => 0), send);
    socket.conn.on('drain', () => waitingBySocket.set(socket, 0));
    socket.on('disconnect', () => waitingBySocket.delete(socket));
    for (const [event, payload] of lastByEvent) socket.emit(event, ...payload);
  });
  // A session may end (sign-out, eight hours, an admin's word) while its page is still connected.
  const checking = setInterval(() => {
    for (const socket of waitingBySocket.keys()) if (!allowed(socket.request.headers.cookie)) cutOff(socket);
  }, parts.sessionCheckMs);
  checking.unref();

  return {
    viewers: () => sockets.engine.clientsCount,
    publish: (event, ...payload) => {
      lastByEvent.set(event, payload);
      sockets.volatile.emit(event, ...payload);
    },
    notify: (event, ...payload) => {
      for (const socket of [...waitingBySocket.keys()]) send(socket, maxWaiting, event, payload);
    },
    close: async () => {
      clearInterval(checking);
      const closed = sockets.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function listen(
  socket: Socket,
  inbound: LiveInbound,
  nowMs: () => number,
  send: (socket: Socket, most: number, event: string, payload: readonly unknown[]) => void,
): void {
  const page: LivePage = {
    id: socket.id,
    send: (event, ...payload) => send(socket, maxWaitingForOne, event, payload),
  };
  let second = { startMs: nowMs(), count: 0 };
  const take = (event: string, payload: unknown): void => {
    if (nowMs() - second.startMs >= 1_000) second = { startMs: nowMs(), count: 0 };
    second.count += 1;
    if (second.count > inbound.mostPerSecond) inbound.onDropped(page);
    else inbound.onMessage(page, event, payload);
  };
  for (const event of inbound.events) socket.on(event, (payload: unknown) => take(event, payload));
  socket.on('disconnect', () => inbound.onDisconnect(page));
  inbound.onConnect(page);
}

/** At once and without what still waits: a page that does not read would hold its connection open until the ping times out. */
function cutOff(socket: Socket): void {
  socket.disconnect();
  socket.conn.close(true);
}
