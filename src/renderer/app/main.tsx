import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { startI18n } from '../i18n/index.ts';
import '../theme/theme.css';
import { startPreferences } from '../client/preferences.ts';
import { createAppRouter, loadScreens } from './routes.tsx';

/** Not every browser tells when it is idle. */
const AFTER_FIRST_SCREEN_MS = 500;

/** Words and preferences first, then the first paint. */
async function start(): Promise<void> {
  await startI18n();
  await startPreferences();
  const place = document.getElementById('root');
  if (place === null) return;
  createRoot(place).render(
    <StrictMode>
      <RouterProvider router={createAppRouter()} />
    </StrictMode>,
  );
  window.setTimeout(loadScreens, AFTER_FIRST_SCREEN_MS);
}

void start();
