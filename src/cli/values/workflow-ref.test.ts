import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { callerFolder } from '../context.ts';
import { withWorkflowRef, workflowRef } from './workflow-ref.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aiw-ref-'));
  mkdirSync(join(folder, 'bundle'));
  writeFileSync(join(folder, 'flow.md'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('makes a path absolute and leaves a name a name', () => {
  const bundle = join(folder, 'bundle');
  expect(workflowRef('./bundle', folder)).toEqual({ first: bundle, otherwise: null });
  expect(workflowRef('flow.md', folder)).toEqual({ first: join(folder, 'flow.md'), otherwise: null });
  expect(workflowRef('bundle', folder)).toEqual({ first: 'bundle', otherwise: bundle });
  expect(workflowRef('other', folder)).toEqual({ first: 'other', otherwise: null });
  expect(workflowRef('a/b.md', folder)).toEqual({ first: 'a/b.md', otherwise: null });
  expect(workflowRef('a\0b', folder)).toEqual({ first: 'a\0b', otherwise: null });
});

it('asks for the path only when nothing has the name', async () => {
  const asked: string[] = [];
  const call = async (ref: string): Promise<string> => {
    asked.push(ref);
    if (ref === 'bundle') throw new AppError('workflow.not_found', 'no');
    return ref;
  };
  expect(await withWorkflowRef('bundle', folder, call)).toBe(join(folder, 'bundle'));
  expect(asked).toEqual(['bundle', join(folder, 'bundle')]);
});

it('takes INIT_CWD only where npm has changed the folder', () => {
  expect(callerFolder({ INIT_CWD: '/caller' }, folder, folder)).toBe('/caller');
  expect(callerFolder({ INIT_CWD: '/caller' }, folder, '/app')).toBe(folder);
  expect(callerFolder({}, folder, folder)).toBe(folder);
});
