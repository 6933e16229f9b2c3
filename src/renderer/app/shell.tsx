import { CSPProvider } from '@base-ui/react/csp-provider';
import { Lock } from 'lucide-react';
import { Fragment, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useNavigate } from 'react-router';
import { runningNow, startApp, useGeneration } from '../client/app-state.ts';
import { usePreferences } from '../client/preferences.ts';
import { useQuery } from '../client/use-query.ts';
import { ImportHost } from '../features/import/import-host.tsx';
import { classNames } from '../ui/class-names.ts';
import { CutOffContext } from '../ui/cut-off.ts';
import { isTyping } from '../ui/keyboard.ts';
import { EmptyState } from '../ui/notes.tsx';
import { useWindowTitle } from '../ui/page-title.ts';
import { RightsContext } from '../ui/rights.ts';
import { isShortcut } from '../ui/shortcuts.ts';
import { Toasts } from '../ui/toasts.tsx';
import { ConnectionBanner, useWhyCutOff } from './connection-banner.tsx';
import { DiagnosticsDialog } from './diagnostics-dialog.tsx';
import { DoctorDialog } from './doctor-dialog.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { Palette } from './palette.tsx';
import { PreviewBanner } from './preview-banner.tsx';
import { FolderChoice } from './project-dialog.tsx';
import { Rail } from './rail.tsx';
import { useRememberPlaces } from './recent-places.ts';
import { sectionOfKey } from './sections.ts';
import { SettingsBanner } from './settings-banner.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { TopBar } from './top-bar.tsx';
import { TrustBanner } from './trust-banner.tsx';
import { useHostCommands } from './use-host-commands.ts';
import { useRightsNow } from './use-rights-now.ts';

type Overlay = 'palette' | 'shortcuts' | 'doctor' | 'diagnostics' | null;

/** The keys that work everywhere. */
function useGlobalKeys(setOverlay: (overlay: Overlay) => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const section = sectionOfKey(event);
      if (section !== null) {
        event.preventDefault();
        void navigate(section.path);
      } else if (isShortcut('palette', event)) {
        event.preventDefault();
        setOverlay('palette');
      } else if (isShortcut('help', event) && !isTyping(event.target)) {
        setOverlay('shortcuts');
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, setOverlay]);
}

/** The frame around every screen: rail, top bar, main, and what floats above. */
export function Shell() {
  const { t } = useTranslation('shell');
  const [overlay, setOverlay] = useState<Overlay>(null);
  const generation = useGeneration();
  const theme = usePreferences((state) => state.theme);
  useEffect(() => startApp(), []);
  useGlobalKeys(setOverlay);
  useHostCommands(setOverlay);
  useRememberPlaces();
  useWindowTitle(useQuery(runningNow).value?.needsYou ?? 0);
  const cutOff = useWhyCutOff();
  const rights = useRightsNow();
  const close = (): void => setOverlay(null);
  return (
    <CSPProvider disableStyleElements>
      <CutOffContext.Provider value={cutOff}>
        <RightsContext.Provider value={rights}>
          <div className="app">
            <button type="button" className="skip btn" onClick={focusMain}>
              {t('skip')}
            </button>
            <Rail />
            <TopBar
              onPalette={() => setOverlay('palette')}
              onShortcuts={() => setOverlay('shortcuts')}
              onDoctor={() => setOverlay('doctor')}
              onDiagnostics={() => setOverlay('diagnostics')}
            />
            <main className="main" id="main" tabIndex={-1}>
              <PreviewBanner />
              <ConnectionBanner />
              <TrustBanner />
              <SettingsBanner onDoctor={() => setOverlay('doctor')} />
              <div className={classNames('screen', cutOff !== null && 'stale')}>
                <Fragment key={generation}>
                  {rights.missingFor('workflows.list') === null ? <Outlet /> : <NothingToSee />}
                </Fragment>
              </div>
            </main>
          </div>
          <Palette
            isOpen={overlay === 'palette'}
            onClose={close}
            onShortcuts={() => setOverlay('shortcuts')}
            onDoctor={() => setOverlay('doctor')}
          />
          <ShortcutsDialog isOpen={overlay === 'shortcuts'} onClose={close} />
          <DiagnosticsDialog isOpen={overlay === 'diagnostics'} onClose={close} />
          <DoctorDialog isOpen={overlay === 'doctor'} onClose={close} />
          <FolderChoice />
          <LeaveDialog />
          <ImportHost />
          <Toasts theme={theme} />
        </RightsContext.Provider>
      </CutOffContext.Provider>
    </CSPProvider>
  );
}

/** For whoever has no role at all, and for a role that sees nothing. */
function NothingToSee() {
  const { t } = useTranslation('shell');
  return <EmptyState icon={Lock} title={t('nothing.title')} text={t('nothing.text')} className="m-6" />;
}

/** A button and not a link: the hash of the address belongs to the router. */
function focusMain(): void {
  document.getElementById('main')?.focus();
}
