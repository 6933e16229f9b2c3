import type { ProcessLimits, ToolNeeds } from '../../../shared/model/needs.ts';
import { parseSize } from '../../../shared/parse-size.ts';
import type { Fields } from '../../yaml/index.ts';

/** What a tool declares of its needs: `read`, `write`, `network` and `limits {memory, cpu, processes}` of its entry in a manifest. */
export function readNeeds(fields: Fields): ToolNeeds {
  return {
    read: fields.texts('read') ?? null,
    write: fields.texts('write') ?? null,
    network: readNetwork(fields),
    limits: readLimits(fields.section('limits')),
  };
}

function readNetwork(fields: Fields): ToolNeeds['network'] {
  const written = fields.get('network')?.node.value;
  if (typeof written === 'boolean') return written;
  return fields.texts('network') ?? null;
}

/** `limits {memory, cpu, processes}`. */
export function readLimits(fields: Fields): ProcessLimits {
  const cpuMs = fields.duration('cpu', { isPositive: true });
  return {
    memoryBytes: fields.as('memory', 'a size such as 512MB', parseSize) ?? null,
    cpuSeconds: cpuMs === undefined ? null : cpuMs / 1000,
    processes: fields.integer('processes', { min: 1 }) ?? null,
  };
}

/** What holds where two limits are written: the smaller of each. */
export function tighter(one: ProcessLimits, other: ProcessLimits): ProcessLimits {
  const least = (...both: readonly (number | null)[]): number | null => {
    const written = both.filter((limit) => limit !== null);
    return written.length === 0 ? null : Math.min(...written);
  };
  return {
    memoryBytes: least(one.memoryBytes, other.memoryBytes),
    cpuSeconds: least(one.cpuSeconds, other.cpuSeconds),
    processes: least(one.processes, other.processes),
  };
}
