import i18next from 'i18next';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { startI18n } from '../i18n/index.ts';
import '../theme/theme.css';
import { startPreferences } from '../client/preferences.ts';
import { createAppRouter, loadScreens } from './routes.tsx';

/** Not every browser tells when it is idle. */
const AFTER_FIRST_SCREEN_MS = 500;

/** Preferences and words first, then the first paint. */
async function start(): Promise<void> {
  startPreferences();
  await startI18n();
  document.documentElement.lang = i18next.language;
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
