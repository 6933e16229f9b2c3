import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrustSheet } from '../../../shared/contract/index.ts';
import type { Finding } from '../../../shared/model/trust.ts';

/** Which findings a person has said to have read. */
export interface ReadDraft {
  readonly read: ReadonlySet<string>;
  readonly onRead: (id: string, isRead: boolean) => void;
  /** Which serious one is still to be read, as a sentence; null = none. */
  readonly unread: string | null;
}

/** What a person has said of a sheet so far. */
export interface ConsentDraft extends Pick<ReadDraft, 'read' | 'onRead'> {
  readonly isGiven: boolean;
  readonly onGive: (isGiven: boolean) => void;
  /** Why it cannot be trusted yet, as a sentence; null = it can. */
  readonly whyNot: string | null;
}

/** Begins with nothing read. */
export function useRead(findings: readonly Finding[]): ReadDraft {
  const { t } = useTranslation('trust');
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  const onRead = (id: string, isRead: boolean): void =>
    setRead((before) => new Set(isRead ? [...before, id] : [...before].filter((one) => one !== id)));
  const first = findings.findIndex(({ id, severity }) => severity === 'high' && !read.has(id));
  return { read, onRead, unread: first === -1 ? null : t('unread', { number: first + 1 }) };
}

/** Begins with nothing read and nothing said. */
export function useConsent(sheet: TrustSheet | null): ConsentDraft {
  const { t } = useTranslation('trust');
  const { read, onRead, unread } = useRead(sheet?.findings ?? []);
  const [isGiven, onGive] = useState(false);
  return { read, onRead, isGiven, onGive, whyNot: unread ?? (isGiven ? null : t('consentFirst')) };
}
