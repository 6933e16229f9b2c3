import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError } from '../../../../shared/errors.ts';
import { isInside } from '../../../files/index.ts';
import { YAML_LIMITS } from '../../../yaml/index.ts';

/** Where the paths of a registry count from, and how far they may reach. All absolute. */
export interface PathRules {
  readonly projectPath: string;
  readonly registryDir: string;
  /** `security.allowed_paths` of the tool. */
  readonly allowedPaths: readonly string[];
}

/** The rules of one tool (SPEC §5.1): relative paths count from the registry's folder, then from the project's root. */
export function pathRules(projectPath: string, registryFile: string, allowedPaths: readonly string[]): PathRules {
  const registryDir = dirname(registryFile);
  const base = { projectPath, registryDir };
  const absolute = allowedPaths.map((path) => {
    const candidates = candidatePaths(path, base);
    return candidates.find((candidate) => kindOf(candidate) !== null) ?? resolve(projectPath, path);
  });
  return { ...base, allowedPaths: absolute };
}

/** Where a path of the registry may lie, in the order in which it is looked for. Never below the working folder of the process. */
export function candidatePaths(path: string, base: Omit<PathRules, 'allowedPaths'>): readonly string[] {
  if (isAbsolute(path)) return [resolve(path)];
  return [...new Set([resolve(base.registryDir, path), resolve(base.projectPath, path)])];
}

/** The real path of what the registry names. `tool.registry_invalid` when it is not there or lies where it may not. */
export function resolveRegistryPath(path: string, rules: PathRules, kind: 'file' | 'file or folder' = 'file'): string {
  const candidates = path.includes('\0') ? [] : candidatePaths(path, rules);
  const found = candidates.find((candidate) => {
    const there = kindOf(candidate);
    return kind === 'file' ? there === 'file' : there !== null;
  });
  const real = found === undefined ? null : realpathSync(found);
  if (real !== null && isAllowed(real, rules)) return real;
  // Of a place out there it is not said whether something lies in it.
  const isOutside = real !== null || (candidates.length > 0 && candidates.every((one) => !isAllowed(one, rules)));
  if (isOutside)
    throw invalid(
      `${JSON.stringify(path)} lies outside the project.`,
      "Put it into the project, or name its folder in 'security.allowed_paths' of the tool.",
    );
  throw invalid(
    `${JSON.stringify(path)} was not found.`,
    'Paths count from the folder of the registry, then from the project.',
  );
}

/** Whether a path, its links followed, lies in the project or where `security.allowed_paths` says. */
export function isAllowed(path: string, { projectPath, allowedPaths }: PathRules): boolean {
  const real = realOf(path);
  return [projectPath, ...allowedPaths].some((folder) => isInside(realOf(folder), real));
}

/** A text of the project that is no larger than settings may be. `tool.registry_invalid`. */
export function readSettingsText(file: string): string {
  try {
    if (statSync(file).size > YAML_LIMITS.fileBytes) throw invalid(`${file} is larger than 1 MiB.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw new AppError('tool.registry_invalid', `${file} cannot be read as UTF-8 text.`, { cause: thrown });
  }
}

/** A path of the project as people read it: relative, with `/`. */
export function showProjectPath(projectPath: string, path: string): string {
  const [root, real] = [realOf(projectPath), realOf(path)];
  return isInside(root, real) ? relative(root, real).split(sep).join('/') : path;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // What does not exist lies where its nearest folder lies.
    const parent = dirname(path);
    return parent === path ? path : resolve(realOf(parent), relative(parent, path));
  }
}

function kindOf(path: string): 'file' | 'folder' | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : found.isFile() ? 'file' : found.isDirectory() ? 'folder' : null;
}

/** The error of a registry that cannot be used as it is written. */
export const invalid = (message: string, hint?: string): AppError =>
  new AppError('tool.registry_invalid', message, { hint });
