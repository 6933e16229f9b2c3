import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STEP_KINDS } from '../../shared/model/workflow.ts';
import { read } from './reading.test-support.ts';
import { allSteps } from './step-actions.ts';
import { AGENT_KEYS, STEP_KEYS } from './words.ts';

const text = readFileSync(new URL('./golden/everything.md', import.meta.url), 'utf8');

describe('a workflow with every kind and key', () => {
  it('uses every kind and nearly every key', () => {
    expect(new Set(allSteps(read(text).workflow).map((step) => step.kind))).toEqual(new Set(STEP_KINDS));
    const short = ['max_retries', 'retry_delay_seconds', 'fallback_action', 'notify_channel', 'needs', 'max_items'];
    expect(STEP_KEYS.filter((key) => !short.includes(key) && !new RegExp(`\\b${key}:`).test(text))).toEqual([]);
    expect(AGENT_KEYS.some((key) => text.includes(`${key}:`))).toBe(true);
  });

  it('reads as it always did', async () => {
    await expect(`${JSON.stringify(read(text), null, 1)}\n`).toMatchFileSnapshot('./golden/everything.golden.txt');
  });

  it('reads the same with CRLF and a BOM', () => {
    expect(read(`\ufeff${text.replaceAll('\n', '\r\n')}`)).toEqual(read(text));
  });
});
