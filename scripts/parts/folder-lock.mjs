import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJsonOrNull, say, writeJson } from './places.mjs';

const LOOK_AGAIN_MS = 200;
/** Between making the folder and writing the owner's record nobody needs longer. */
const UNOWNED_AFTER_MS = 10_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const ageMs = (path) => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
};

/** The owner is gone, and so is the program that it had started: a killed launcher leaves its `npm ci` running. */
function isStale(folder, owner) {
  if (owner === null) return ageMs(folder) > UNOWNED_AFTER_MS;
  if (owner.host !== hostname()) return false;
  return !isAlive(owner.pid) && !(owner.childPid !== null && isAlive(owner.childPid));
}

/**
 * Runs `work` while no other process of this machine does, held by a folder. Invariants: 1. the folder is made by one process;
 * 2. a stale one is taken over by one process: `mkdir` of a folder named after the dead owner decides; 3. what is released is
 * one's own.
 */
export async function withFolderLock(folder, waitingSentence, work) {
  const token = randomUUID();
  const record = join(folder, 'owner.json');
  const own = (childPid = null) => writeJson(record, { token, pid: process.pid, childPid, host: hostname() });
  await take(folder, { record, own, waitingSentence });
  const release = () => {
    if (readJsonOrNull(record)?.token !== token) return;
    const grave = `${folder}.${token}`;
    renameSync(folder, grave);
    rmSync(grave, { recursive: true, force: true });
  };
  process.once('exit', release);
  try {
    return await work({ setChild: own });
  } finally {
    process.off('exit', release);
    release();
  }
}

async function take(folder, { record, own, waitingSentence }) {
  let hasSaid = false;
  for (;;) {
    mkdirSync(dirname(folder), { recursive: true });
    if (make(folder)) return own();
    const owner = readJsonOrNull(record);
    if (isStale(folder, owner) && claim(folder, owner)) return own();
    if (!hasSaid) say(waitingSentence);
    hasSaid = true;
    await delay(LOOK_AGAIN_MS);
  }
}

/** True for the one process that may take a stale lock over. A claimant that died in between loses its claim after a while. */
function claim(folder, owner) {
  const mark = join(folder, `claim-${owner?.token ?? 'none'}`);
  if (make(mark)) return true;
  if (ageMs(mark) > UNOWNED_AFTER_MS) rmSync(mark, { recursive: true, force: true });
  return false;
}

function make(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
    throw error;
  }
}
