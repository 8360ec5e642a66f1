import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/schibsted-grotesk/wght.css';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setApiUrl } from './api/client';
import { startSession } from './api/session';
import { App } from './app';
import { loadConfig } from './config';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

try {
  const config = await loadConfig();
  setApiUrl(config.apiUrl);
  startSession(config.apiKey);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
} catch (error) {
  root.textContent = `The console could not start: ${error instanceof Error ? error.message : String(error)}`;
}
