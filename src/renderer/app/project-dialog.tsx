import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getHost } from '../client/bridge.ts';
import { useFolderAsk } from '../client/shell-requests.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { useIsAskedToLeave } from './leave-dialog.tsx';
import { useProjectSwitch } from './project-switch.ts';

/** A full path of Linux, macOS or Windows. */
const isFullPath = (path: string): boolean => /^(\/|~\/|[A-Za-z]:[\\/]|\\\\)/.test(path.trim());

/** Asks for a folder by its path: a browser may not choose one on the machine of the server. */
function ProjectDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const switchTo = useProjectSwitch();
  const id = useId();
  const [path, setPath] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!isFullPath(path)) {
      setError(t('shell:project.pathError'));
      return;
    }
    if (await switchTo(path.trim())) onClose();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t('shell:project.cancel')}</Button>
      <Button variant="primary" needs="project.switch" type="submit" form={`${id}-form`}>
        {t('shell:project.act')}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('shell:project.title')}
      description={t('shell:project.text')}
      footer={footer}
    >
      <form id={`${id}-form`} onSubmit={(event) => void submit(event)} noValidate>
        <Field id={id} label={t('shell:project.path')} help={t('shell:project.pathHelp')} error={error}>
          <TextInput
            id={id}
            value={path}
            isBad={error !== null}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              setPath(event.target.value);
              setError(null);
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}

/**
 * Answers `chooseFolder()` of any screen: the system's own dialog in the desktop app, a field for the path in a browser, which may
 * not choose a folder on the machine of the server.
 */
export function FolderChoice() {
  const [isAsking, setIsAsking] = useState(false);
  const switchTo = useProjectSwitch();
  const isAskedToLeave = useIsAskedToLeave();
  const count = useFolderAsk((state) => state.count);
  const seen = useRef(count);
  useEffect(() => {
    if (seen.current === count) return;
    seen.current = count;
    const host = getHost();
    if (host === null) setIsAsking(true);
    else void host.pickFolder().then((path) => (path === null ? undefined : switchTo(path)));
  }, [count, switchTo]);
  return <ProjectDialog isOpen={isAsking && !isAskedToLeave} onClose={() => setIsAsking(false)} />;
}
