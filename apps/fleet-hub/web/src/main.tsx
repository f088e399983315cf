import { startPage } from '@edge-blueprints/web-kit';
import { io } from 'socket.io-client';
import '@edge-blueprints/web-kit/mantine.css';
import '@edge-blueprints/web-kit/tokens.css';
import 'uplot/dist/uPlot.min.css';
import { App } from './app.js';
import { FeedContext } from './feed/feed-context.js';
import { createHubFeed } from './feed/hub-feed.js';
import { createHubApi } from './session/hub-api.js';
import { ApiContext } from './session/session-context.js';
import { SessionGate } from './session/session-gate.js';
import { createSessionHolder } from './session/session-holder.js';

const holder = createSessionHolder();
const api = createHubApi(
  holder.watching((path, init) => fetch(path, init)),
  holder.csrfToken,
);
const socket = io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000, autoConnect: false });
const feed = createHubFeed(socket, api, {
  nowMs: () => Date.now(),
  every: (periodMs, act) => {
    const timer = setInterval(act, periodMs);
    return () => clearInterval(timer);
  },
});

startPage(
  'hub-colour-scheme',
  <ApiContext.Provider value={api}>
    <FeedContext.Provider value={feed}>
      <SessionGate holder={holder}>
        <App />
      </SessionGate>
    </FeedContext.Provider>
  </ApiContext.Provider>,
);
