import { startPage } from '@edge-blueprints/web-kit';
import { io } from 'socket.io-client';
import '@edge-blueprints/web-kit/mantine.css';
import '@edge-blueprints/web-kit/tokens.css';
import 'uplot/dist/uPlot.min.css';
import { App } from './app.js';
import { FeedContext } from './feed/feed-context.js';
import { createStationFeed } from './feed/station-feed.js';
import { ApiContext } from './session/api-context.js';
import { createStationApi } from './session/station-api.js';

const api = createStationApi((path, init) => fetch(path, init));
const feed = createStationFeed(io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000 }), () =>
  Date.now(),
);
// The first paint does not wait for the socket; without an answer the socket's own state tells the story.
api.view().then(feed.offer, () => undefined);

startPage(
  'station-colour-scheme',
  <ApiContext.Provider value={api}>
    <FeedContext.Provider value={feed}>
      <App />
    </FeedContext.Provider>
  </ApiContext.Provider>,
);
