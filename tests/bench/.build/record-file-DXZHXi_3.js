import {
  closeSync,
  constants,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

// src/core/processes/process-table.ts
var isLinux = process.platform === 'linux';
function readQuietly(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
/** State, group and start time out of /proc/<pid>/stat; null = no such process. The name may hold blanks and brackets. */
function readStat(pid) {
  const text = readQuietly(`/proc/${pid}/stat`)?.toString('latin1');
  if (text === void 0) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    group: Number(fields[2]),
    startedAt: fields[19] ?? '',
  };
}
/** Who this process is, for a later `isProcessAlive`. */
function currentIdentity() {
  return {
    pid: process.pid,
    startedAt: readStat(process.pid)?.startedAt ?? null,
    bootId: readBootId(),
  };
}
function readBootId() {
  return readQuietly('/proc/sys/kernel/random/boot_id')?.toString('latin1').trim() ?? null;
}
/** Whether exactly this process still runs; a zombie does not. */
function isProcessAlive(identity) {
  if (identity.bootId !== readBootId()) return false;
  if (isLinux && identity.startedAt !== null) {
    const stat = readStat(identity.pid);
    return stat !== null && stat.startedAt === identity.startedAt && stat.state !== 'Z' && stat.state !== 'X';
  }
  return canSignal(identity.pid);
}
/** Whether a process, or with a negative number a process group, exists. */
function canSignal(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
/** Sends a signal and does not mind that its target has just gone. */
function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {}
}
/** The pid that the kernel gave out last, from /proc/loadavg; null where that is not to be had. */
function readLastPid() {
  const last = Number(readQuietly('/proc/loadavg')?.toString('latin1').trim().split(' ').at(-1));
  return Number.isInteger(last) && last > 0 ? last : null;
}
function allPids() {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}
function carriesEntry(pid, entry) {
  const environ = readQuietly(`/proc/${pid}/environ`);
  if (environ === null) return false;
  for (let at = environ.indexOf(entry); at !== -1; at = environ.indexOf(entry, at + 1))
    if ((at === 0 || environ[at - 1] === 0) && (environ[at + entry.length] ?? 0) === 0) return true;
  return false;
}
/**
 * Living processes of a step: those that carry its `AIWORKFLOW_STEP_KEY`, wherever they moved (setsid, double fork), and
 * those of its process group. `pids` narrows the search. Off Linux only the group can be seen; it is given as `-group`.
 */
function findStepProcesses(stepKey, group, pids) {
  if (!isLinux) return group !== null && canSignal(-group) ? [-group] : [];
  const isGroupThere = group !== null && canSignal(-group);
  const entry = stepKey === '' ? null : Buffer.from(`AIWORKFLOW_STEP_KEY=${stepKey}`);
  return (isGroupThere || pids === void 0 ? allPids() : pids).filter((pid) => {
    if (pid === process.pid) return false;
    if (entry !== null && carriesEntry(pid, entry)) return true;
    if (!isGroupThere) return false;
    const stat = readStat(pid);
    return stat !== null && stat.group === group && stat.state !== 'Z' && stat.state !== 'X';
  });
}
// src/core/processes/end-step-processes.ts
/** SPEC §3.6: SIGTERM, SIGKILL after this. */
var KILL_GRACE_MS = 3e3;
var POLL_MS = 25;
var KILL_ROUNDS = 60;
/** Ends what is left of a step's tree and resolves when nothing of it runs any more. */
async function endStepProcesses(options) {
  const { stepKey, group } = options;
  let left = findStepProcesses(stepKey, group, options.pids);
  if (left.length === 0) return;
  const waitUntilGone = async (forMs) => {
    const end = performance.now() + forMs;
    while (left.length > 0 && performance.now() < end) {
      await setTimeout(Math.min(POLL_MS, Math.max(1, end - performance.now())));
      left = findStepProcesses(stepKey, group);
    }
    return left.length === 0;
  };
  if (await waitUntilGone(options.patienceMs)) return;
  for (const pid of left) signalQuietly(pid, 'SIGTERM');
  if (await waitUntilGone(options.graceMs)) return;
  for (let round = 0; round < KILL_ROUNDS && left.length > 0; round += 1) {
    if (group !== null && canSignal(-group)) signalQuietly(-group, 'SIGKILL');
    for (const pid of left) signalQuietly(pid, 'SIGKILL');
    await setTimeout(POLL_MS);
    left = findStepProcesses(stepKey, group);
  }
}
/** Ends processes that an earlier helper left behind; only Linux lets us find them. */
async function endOrphans(stepKey) {
  if (process.platform !== 'linux' || stepKey === '') return;
  await endStepProcesses({
    stepKey,
    group: null,
    patienceMs: 0,
    graceMs: KILL_GRACE_MS,
  });
}
// src/core/processes/helper-protocol.ts
/** Cuts a byte stream into lines; a `feed` for chunks, in order. Bytes are joined before decoding, so no character breaks. */
function createFrameReader(onFrame) {
  let rest = [];
  return (chunk) => {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      const piece = chunk.subarray(from, at);
      const line = rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
      from = at + 1;
      onFrame(line.toString('utf8'));
    }
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
  };
}
// src/core/processes/line-splitter.ts
/** A line longer than this is handed on in pieces. */
var MAX_LINE_CHARS = 65536;
/** Cuts output into lines without their ends (`\n` or `\r\n`); a character that two chunks share stays whole. */
function createLineSplitter() {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const cutPieces = (lines) => {
    while (rest.length > MAX_LINE_CHARS) {
      const at = (rest.charCodeAt(65535) & 64512) === 55296 ? 65535 : MAX_LINE_CHARS;
      lines.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
  };
  const takeLines = (text) => {
    const lines = [];
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      rest += part;
      cutPieces(lines);
      if (index === parts.length - 1) break;
      lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
      rest = '';
    }
    return lines;
  };
  return {
    push: (chunk) => takeLines(decoder.write(chunk)),
    end: () => {
      const lines = takeLines(decoder.end());
      if (rest !== '') lines.push(rest.endsWith('\r') ? rest.slice(0, -1) : rest);
      rest = '';
      return lines;
    },
  };
}
/** Keeps one stream of a child, at most `limitBytes`: in memory while small, else in a file. */
function createOutputCapture(options) {
  const lines = createLineSplitter();
  const store = createByteStore(options.file);
  let isCut = false;
  const emit = (done) => {
    if (done.length > 0) options.onLines(done);
  };
  return {
    isCut: () => isCut,
    push: (chunk) => {
      if (isCut) return;
      const room = options.limitBytes - store.sizeBytes();
      const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
      store.add(kept);
      emit(lines.push(kept));
      if (chunk.length <= room) return;
      isCut = true;
      options.onOverflow();
    },
    finish: async () => {
      emit(lines.end());
      return await store.finish(isCut);
    },
  };
}
/** Text of a stream; when it was cut, a character that the cut broke is dropped. */
function decodeOutput(bytes, isCut) {
  return bytes.subarray(0, isCut ? wholeLength(bytes) : bytes.length).toString('utf8');
}
function wholeLength(bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 192) === 128) continue;
    return (byte >= 240 ? 4 : byte >= 224 ? 3 : byte >= 192 ? 2 : 1) > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
/** Bytes in memory, moved to a file (0600) once they are many; back in memory when the disk refuses. */
function createByteStore(file) {
  let chunks = [];
  let total = 0;
  let fd = null;
  let written = 0;
  let hasDisk = true;
  const spill = () => {
    try {
      fd ??= openSync(file, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 384);
      for (let chunk = chunks[0]; chunk !== void 0; chunk = chunks[0]) {
        for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
        written += chunk.length;
        chunks.shift();
      }
    } catch {
      hasDisk = false;
      if (fd === null) return;
      chunks.unshift(readFileSync(file).subarray(0, written));
      closeSync(fd);
      fd = null;
      unlinkSync(file);
    }
  };
  return {
    sizeBytes: () => total,
    add: (chunk) => {
      chunks.push(chunk);
      total += chunk.length;
      if (hasDisk && total > 32768) spill();
    },
    finish: async (isCut) => {
      if (fd === null) {
        const text = decodeOutput(Buffer.concat(chunks), isCut);
        chunks = [];
        return { text };
      }
      try {
        await promisify(fdatasync)(fd);
        return {
          file: basename(file),
          cut: isCut,
        };
      } catch {
        return { text: decodeOutput(readFileSync(file), isCut) };
      } finally {
        closeSync(fd);
      }
    },
  };
}
// src/core/processes/record-file.ts
/** Above this many forgotten bytes a record file is rewritten without them. */
var COMPACT_BYTES = 1048576;
/** A helper's own append-only record file. Whoever waits at the same time shares one fdatasync. */
var RecordFile = class {
  path;
  #fd;
  #waiting = [];
  #isFlushing = false;
  #forgotten = /* @__PURE__ */ new Set();
  #bytesSinceCompaction = 0;
  #sizeBytes = 0;
  /** After a failed sync nobody knows what is on the disk: nothing is promised any more. */
  #syncError = null;
  /** Creates the file (0600) with its first line, durable together with its folder entry. */
  constructor(path, header) {
    this.path = path;
    this.#fd = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL, 384);
    this.#sizeBytes = writeSync(this.#fd, toLine(header));
    fsyncSync(this.#fd);
    syncFolder(dirname(path));
  }
  /** Resolves when the line is on the disk. */
  append(line) {
    return new Promise((resolve, reject) => {
      if (line.t === 's') this.#forgotten.delete(line.run);
      this.#waiting.push({
        text: toLine(line),
        resolve,
        reject,
      });
      if (this.#isFlushing) return;
      this.#isFlushing = true;
      queueMicrotask(() => this.#flush());
    });
  }
  /** Notes that a run's lines are of no use any more; drops them from the file now and then. */
  forget(run) {
    this.#write(
      Buffer.from(
        toLine({
          t: 'f',
          run,
        }),
      ),
    );
    this.#forgotten.add(run);
    if (this.#bytesSinceCompaction > COMPACT_BYTES && !this.#isFlushing) this.#compact();
  }
  close() {
    closeSync(this.#fd);
  }
  #flush() {
    const batch = this.#waiting;
    this.#waiting = [];
    const settle = (error, isSync = false) => {
      if (error && isSync) this.#syncError = error;
      for (const one of batch) error ? one.reject(error) : one.resolve();
      if (this.#waiting.length > 0) this.#flush();
      else this.#isFlushing = false;
    };
    try {
      if (this.#syncError !== null) throw this.#syncError;
      this.#write(Buffer.from(batch.map((one) => one.text).join('')));
      fdatasync(this.#fd, (error) => settle(error, true));
    } catch (error) {
      queueMicrotask(() => settle(error));
    }
  }
  /** All or nothing: a line that a full disk cut is taken away again. */
  #write(bytes) {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
    } catch (error) {
      ftruncateSync(this.#fd, this.#sizeBytes);
      throw error;
    }
    this.#sizeBytes += bytes.length;
    this.#bytesSinceCompaction += bytes.length;
  }
  /** Old or new file, never something between: written beside, synced, renamed. */
  #compact() {
    const runOfKey = /* @__PURE__ */ new Map();
    const kept = readFileSync(this.path, 'utf8')
      .split('\n')
      .filter((text) => {
        if (text === '') return false;
        const line = JSON.parse(text);
        if (line.t === 's') runOfKey.set(line.key, line.run);
        const run = line.t === 'f' || line.t === 's' ? line.run : line.t === 'e' ? runOfKey.get(line.key) : void 0;
        return run === void 0 || !this.#forgotten.has(run);
      });
    const beside = `${this.path}.new`;
    const fd = openSync(beside, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_TRUNC, 384);
    const bytes = Buffer.from(`${kept.join('\n')}\n`);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
    renameSync(beside, this.path);
    syncFolder(dirname(this.path));
    closeSync(this.#fd);
    this.#fd = fd;
    this.#sizeBytes = bytes.length;
    this.#forgotten.clear();
    this.#bytesSinceCompaction = 0;
  }
};
function toLine(line) {
  return `${JSON.stringify(line)}\n`;
}
/** Makes a new entry of a folder durable; a no-op where folders cannot be opened. */
function syncFolder(dir) {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export {
  canSignal as l,
  createFrameReader as a,
  createOutputCapture as r,
  currentIdentity as u,
  decodeOutput as i,
  endOrphans as s,
  endStepProcesses as c,
  findStepProcesses as d,
  isProcessAlive as f,
  KILL_GRACE_MS as o,
  RecordFile as t,
  readLastPid as p,
  signalQuietly as m,
  syncFolder as n,
};
