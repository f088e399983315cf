import { createViewFeed, startPage } from '@edge-blueprints/web-kit';
import type { StoreView } from '@edge-blueprints/contracts';
import { io } from 'socket.io-client';
import '@edge-blueprints/web-kit/mantine.css';
import '@edge-blueprints/web-kit/tokens.css';
import { App } from './app.js';
import { StoreStatusProvider } from './feed/store-status.js';
import { ApiContext, createStoreApi } from './session/store-api.js';

const api = createStoreApi((path, init) => fetch(path, init));
const feed = createViewFeed<StoreView>(io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000 }), () =>
  Date.now(),
);
// The first paint does not wait for the socket; without an answer the socket's own state tells the story.
api.view().then(feed.offer, () => undefined);

startPage(
  'store-colour-scheme',
  <ApiContext.Provider value={api}>
    <StoreStatusProvider feed={feed}>
      <App />
    </StoreStatusProvider>
  </ApiContext.Provider>,
);
