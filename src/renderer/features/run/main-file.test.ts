import { describe, expect, it } from 'vitest';
import { fileNamed, mainFileOf } from './main-file.ts';

const file = (path: string, modifiedAt = 0) => ({ path, sizeBytes: 1, modifiedAt });
const FILES = [file('data/rows.json', 9), file('old.md', 1), file('report.html', 3), file('summary.csv', 5)];

describe('the main file of a run', () => {
  it('is the first that its outputs name, what people read before the rest', () => {
    expect(mainFileOf(FILES, { rows: 'data/rows.json', notes: ['old.md'], all: 'report.html' })?.path).toBe('old.md');
    expect(mainFileOf(FILES, { rows: 'data/rows.json', count: 3 })?.path).toBe('data/rows.json');
  });

  it('is else the newest of the kinds that people read', () => {
    expect(mainFileOf(FILES, { count: 3, name: 'nothing.md' })?.path).toBe('summary.csv');
    expect(mainFileOf([file('a.csv', 2), file('b.html', 2)], {})?.path).toBe('b.html');
    expect(mainFileOf([file('a.json'), file('b.bin')], {})).toBeNull();
  });

  it('is named by a path in the folder of the run, or by one that leads there', () => {
    expect(fileNamed(FILES, './report.html')?.path).toBe('report.html');
    expect(fileNamed(FILES, '/srv/state/runs/r1/data/rows.json')?.path).toBe('data/rows.json');
    expect(fileNamed(FILES, 'C:\\runs\\r1\\report.html')?.path).toBe('report.html');
    expect(fileNamed(FILES, 'myreport.html')).toBeNull();
    expect(fileNamed(FILES, '')).toBeNull();
  });
});
