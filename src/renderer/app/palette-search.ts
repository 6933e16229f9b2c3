import { useEffect, useState } from 'react';
import type { LibraryEntry } from '../../shared/contract/index.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { getClient } from './bridge.ts';

export interface Found {
  readonly workflows: readonly LibraryEntry[];
  readonly runs: readonly RunSummary[];
}
const NOTHING: Found & { readonly text: string } = { text: '', workflows: [], runs: [] };
const WAIT_MS = 80;

async function find(text: string): Promise<Found> {
  const search = text.trim();
  const [library, runs] = await Promise.allSettled([
    getClient().call('workflows.list', search === '' ? {} : { search }),
    getClient().call('runs.list', search === '' ? { limit: 5 } : { text: search, limit: 8 }),
  ]);
  return {
    workflows: library.status === 'fulfilled' ? library.value.workflows.slice(0, 12) : [],
    runs: runs.status === 'fulfilled' ? runs.value.runs : [],
  };
}

/** Until the answer for this text is here, only what of the last one fits it: Enter must never open something else. */
function narrow(found: Found, text: string): Found {
  const search = text.trim().toLowerCase();
  const holds = (...words: readonly string[]): boolean => words.some((word) => word.toLowerCase().includes(search));
  return {
    workflows: found.workflows.filter(({ id, name }) => holds(id, name)),
    runs: found.runs.filter(({ runId, workflowId, workflowName }) => holds(runId, workflowId, workflowName)),
  };
}

/** Workflows and runs that hold the text; asked of the server, a little after the last key. */
export function useFound(text: string, isOpen: boolean): Found {
  const [found, setFound] = useState(NOTHING);
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    const timer = window.setTimeout(() => {
      void find(text).then((next) => (isStale ? undefined : setFound({ ...next, text })));
    }, WAIT_MS);
    return () => {
      isStale = true;
      window.clearTimeout(timer);
    };
  }, [text, isOpen]);
  return found.text === text ? found : narrow(found, text);
}
