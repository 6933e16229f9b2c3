import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { findCircles } from './circles.ts';
import { featureOf, LAYERS, layerOf } from './layers.ts';
import { type Import, packageOf, readSources, type SourceFile } from './source-files.ts';

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const sources = readSources('src');
const product = sources.filter((file) => !isTest(file.path));

/** Every import that `isWrong` names a reason for, as `file:line: reason`. */
function listWrong(
  files: readonly SourceFile[],
  isWrong: (file: SourceFile, one: Import) => string | null,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((one) => {
      const reason = isWrong(file, one);
      return reason === null ? [] : [`${file.path}:${one.line}: ${reason}`];
    }),
  );
}

describe('imports', () => {
  it('finds the files and their imports at all', () => {
    expect(product.length).toBeGreaterThan(100);
    expect(product.flatMap((file) => file.imports).length).toBeGreaterThan(500);
  });

  it('belong to a layer of the table', () => {
    expect(product.map((file) => layerOf(file.path)).filter((layer) => LAYERS[layer] === undefined)).toEqual([]);
  });

  it('go only to layers that the table allows', () => {
    const wrong = listWrong(product, (file, { file: target }) => {
      if (target === null) return null;
      const from = layerOf(file.path);
      const to = layerOf(target);
      const rule = LAYERS[from];
      const isAllowed = from === to || rule?.layers.includes(to) === true || rule?.files?.includes(target) === true;
      return isAllowed ? null : `${from} may not import ${target}`;
    });
    expect(wrong).toEqual([]);
  });

  it('take only packages of the list of their layer', () => {
    const wrong = listWrong(product, (file, one) => {
      const rule = LAYERS[layerOf(file.path)];
      if (one.specifier.startsWith('node:'))
        return rule?.node === true ? null : `${one.specifier} in ${layerOf(file.path)}`;
      const name = packageOf(one.specifier);
      if (name === null || rule?.packages.includes(name)) return null;
      return builtinModules.includes(name) ? `write node:${name}` : `package ${name} in ${layerOf(file.path)}`;
    });
    expect(wrong).toEqual([]);
  });

  it('reach an area of core only through its index', () => {
    const wrong = listWrong(product, (file, { file: target }) => {
      const to = target === null ? '' : layerOf(target);
      if (target === null || !to.startsWith('core/') || layerOf(file.path) === to) return null;
      return target === `src/${to}/index.ts` ? null : `${target} is inside ${to}: import its index.ts`;
    });
    expect(wrong).toEqual([]);
  });

  it('never go from one feature of the renderer to another', () => {
    const wrong = listWrong(sources, (file, { file: target }) => {
      const from = featureOf(file.path);
      const to = target === null ? null : featureOf(target);
      return from === null || to === null || from === to ? null : `feature ${from} imports feature ${to}`;
    });
    expect(wrong).toEqual([]);
  });

  it('name electron only in main and preload', () => {
    const wrong = listWrong(sources, (file, one) =>
      packageOf(one.specifier) === 'electron' && !/^src\/(main|preload)\//.test(file.path) ? 'electron' : null,
    );
    expect(wrong).toEqual([]);
  });

  it('name files that exist, with their extension', () => {
    const wrong = listWrong(sources, (_file, { file: target, specifier }) =>
      target === null || (/\.[a-z]+$/.test(target) && existsSync(join(REPOSITORY_DIR, target)))
        ? null
        : `no file ${specifier}`,
    );
    expect(wrong).toEqual([]);
  });

  it('make no circle', () => {
    const graph = new Map(
      product.map((file) => [
        file.path,
        file.imports.filter((one) => !one.isTypeOnly).flatMap((one) => (one.file === null ? [] : [one.file])),
      ]),
    );
    expect(findCircles(graph)).toEqual([]);
  });
});

describe('launchers', () => {
  it('import nothing but Node and each other: they run before anything is installed', () => {
    const wrong = listWrong(readSources('scripts'), (_file, one) =>
      one.specifier.startsWith('node:') || one.file?.startsWith('scripts/') === true ? null : one.specifier,
    );
    expect(wrong).toEqual([]);
  });
});
