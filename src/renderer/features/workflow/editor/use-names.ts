import { useEffect, useState } from 'react';
import type { NamesHere } from '../../../../shared/contract/index.ts';
import { call } from '../../../client/bridge.ts';
import { createChecker } from './checker.ts';

/** The names are asked for once nothing was typed for so long: what is wrong is asked for at once. */
const WAIT_MS = 300;

/** What may be used at a line (1-based) of a text that is typed; null = nobody has said yet. */
export function useNames(ref: string, source: string, line: number): NamesHere | null {
  const [names, setNames] = useState<NamesHere | null>(null);
  const [checker] = useState(() =>
    createChecker<NamesHere>((asked) => {
      const end = asked.indexOf('\n');
      return call('workflows.names', { ref, line: Number(asked.slice(0, end)), source: asked.slice(end + 1) });
    }, setNames),
  );
  useEffect(() => {
    const timer = setTimeout(() => checker.check(`${line}\n${source}`), WAIT_MS);
    return () => clearTimeout(timer);
  }, [checker, line, source]);
  useEffect(() => checker.stop, [checker]);
  return names;
}
