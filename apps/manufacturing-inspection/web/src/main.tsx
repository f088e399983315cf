import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { io } from 'socket.io-client';
import './mantine.css';
import './tokens.css';
import 'uplot/dist/uPlot.min.css';
import { App } from './app.js';
import { FeedContext } from './feed/feed-context.js';
import { createStationFeed } from './feed/station-feed.js';
import { ApiContext } from './session/api-context.js';
import { createStationApi } from './session/station-api.js';
import { FaultBoundary } from './shell/fault-boundary.js';
import { schemeKey, startScheme, theme } from './shell/theme.js';

startScheme();
const api = createStationApi((path, init) => fetch(path, init));
const feed = createStationFeed(io({ transports: ['websocket', 'polling'], reconnectionDelayMax: 3_000 }), () =>
  Date.now(),
);
// The first paint does not wait for the socket; without an answer the socket's own state tells the story.
api.view().then(feed.offer, () => undefined);

const root = document.getElementById('root');
if (root === null) throw new TypeError('index.html has no element #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemeKey}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <FaultBoundary>
        <ApiContext.Provider value={api}>
          <FeedContext.Provider value={feed}>
            <App />
          </FeedContext.Provider>
        </ApiContext.Provider>
      </FaultBoundary>
    </MantineProvider>
  </StrictMode>,
);
