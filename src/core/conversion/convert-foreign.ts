import { AppError } from '../../shared/errors.ts';
import { isJsonMap, type Json, readShallowJson } from '../../shared/json.ts';
import type { MapNode } from '../yaml/index.ts';
import { convertClaudeCommand } from './claude-command.ts';
import { convertCrontab } from './crontab.ts';
import type { Conversion, ConversionPlace } from './draft-plan.ts';
import { convertGithubActions } from './github-actions.ts';
import { convertGooseRecipe } from './goose-recipe.ts';
import { convertLaunchd } from './launchd.ts';
import { convertN8n, isN8nWorkflow } from './n8n.ts';
import { nodeAt, readForeignYaml, requireReadable } from './read-foreign-yaml.ts';
import { convertTask } from './task-scheduler.ts';
import { readXml } from './xml.ts';

/** A foreign file is at most this large. */
export const MAX_FOREIGN_BYTES: number = 1024 * 1024;
/** More entries than this are no crontab of a person. */
const MAX_DRAFTS = 200;

/**
 * Makes plans of workflows of a file of another program, by what stands in it; null for a file that is of none that is known. Error:
 * `conversion.unreadable` for one that is, and cannot be read.
 */
export function convertForeign(bytes: Uint8Array, place: ConversionPlace): Conversion | null {
  if (bytes.length > MAX_FOREIGN_BYTES) return null;
  const text = decode(bytes);
  if (text?.startsWith('bplist00') === true)
    throw new AppError('conversion.unreadable', 'This property list is binary.', {
      hint: 'Write it as text first: plutil -convert xml1 FILE',
    });
  if (text === null || text.includes('\0')) return null;
  const found = converted(text, place);
  if (found !== null && found.plans.length > MAX_DRAFTS)
    throw new AppError('conversion.unreadable', `The file holds more than ${MAX_DRAFTS} jobs.`, {
      hint: 'Split it first.',
    });
  return found;
}

function converted(text: string, place: ConversionPlace): Conversion | null {
  const begin = text.trimStart();
  if (begin.startsWith('<')) return fromXml(text, place);
  if (begin.startsWith('{') || begin.startsWith('[')) return fromJson(text, place);
  if (/\.(?:md|markdown)$/i.test(place.name)) return convertClaudeCommand(text, place);
  return fromYaml(text, place) ?? convertCrontab(text, place);
}

/** UTF-8, or UTF-16 as Windows exports tasks; null for what is no text. */
function decode(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return String.fromCharCode(...bytes.subarray(0, 8)) === 'bplist00' ? 'bplist00' : null;
  }
}

function fromXml(text: string, place: ConversionPlace): Conversion | null {
  if (!/<plist[\s>]|<Task[\s>]/.test(text)) return null;
  const root = readXml(text.replace(/^\uFEFF/, ''));
  if (root.name === 'plist') return convertLaunchd(root, place);
  return root.name === 'Task' ? convertTask(root, place) : null;
}

function fromJson(text: string, place: ConversionPlace): Conversion | null {
  const value = readShallowJson(text)?.value;
  const workflows: readonly Json[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const own = workflows.filter(isN8nWorkflow);
  if (own.length > 0) return convertN8n(own, place);
  return isJsonMap(value) ? fromYaml(text, place) : null;
}

function fromYaml(text: string, place: ConversionPlace): Conversion | null {
  const root = readForeignYaml(text);
  const convert = root === null ? null : converterOf(root);
  if (root === null || convert === null) return null;
  requireReadable(text);
  return convert(root, place);
}

function converterOf(root: MapNode): ((root: MapNode, place: ConversionPlace) => Conversion) | null {
  if (nodeAt(root, 'jobs')?.kind === 'map' && nodeAt(root, 'on') !== undefined) return convertGithubActions;
  const isRecipe =
    nodeAt(root, 'title')?.kind === 'scalar' &&
    (nodeAt(root, 'instructions')?.kind === 'scalar' || nodeAt(root, 'prompt')?.kind === 'scalar');
  return isRecipe ? convertGooseRecipe : null;
}
