import { REMOTE_SCRIPTS } from './remote-scripts.ts';

/**
 * What BullMQ has no command for, each one atomic act of Redis. Keys that are not named in KEYS are those of jobs of the same queue: Redis
 * without cluster.
 */

/** Notes how many wait in this minute, and tells others. KEYS: prioritized, wait, delayed, depths. ARGV: minute, channel, who tells. */
const tell = `
redis.call('HSET', KEYS[4], ARGV[1], redis.call('ZCARD', KEYS[1]) + redis.call('LLEN', KEYS[2]) + redis.call('ZCARD', KEYS[3]))
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`;

/**
 * A job was claimed: gives when it would have expired, '' = it was begun before, its fields, and whether whoever began effects of it is heard
 * of. Who claims it has it from now on, but for one whose effects another owner has begun: that one keeps it. KEYS: expiring, job. ARGV: id,
 * now, token, owner, prefix of the signs of life.
 */
const begin = `
local effects = redis.call('HGET', KEYS[2], 'x-effects')
local by = effects and cjson.decode(effects).owner or ARGV[4]
if by == ARGV[4] then redis.call('HSET', KEYS[2], 'x-holder', ARGV[3]) end
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], 'x-not-before')
if not at or tonumber(at) > tonumber(ARGV[2]) then redis.call('HSETNX', KEYS[2], 'x-begun', ARGV[2]) end
return {at or '', redis.call('HGETALL', KEYS[2]), redis.call('EXISTS', ARGV[5] .. by)}`;

/**
 * Whoever holds these still does, also where his lock is gone and nobody else has the job. KEYS: active, stalled, his sign of life. ARGV:
 * prefix, ms, then an id and a token in turn.
 */
const keep = `
redis.call('SET', KEYS[3], '1', 'PX', ARGV[2])
for at = 3, #ARGV, 2 do
  local id, token = ARGV[at], ARGV[at + 1]
  local lock = redis.call('GET', ARGV[1] .. id .. ':lock')
  local isFree = not lock and redis.call('HGET', ARGV[1] .. id, 'x-holder') == token and redis.call('LPOS', KEYS[1], id)
  if lock == token or isFree then
    redis.call('SET', ARGV[1] .. id .. ':lock', token, 'PX', ARGV[2])
    redis.call('SREM', KEYS[2], id)
  end
end
return 1`;

/**
 * Jobs whose lock is gone wait again, before all others of their priority, and so do those with a token of this owner that he does not
 * know of: the answer to his claim was lost. KEYS: active, prioritized, wait, stalled. ARGV: prefix, why, owner, then each token he knows.
 */
const lose = `
local known = {}
for at = 4, #ARGV do known[ARGV[at]] = true end
local lost = 0
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  local job = ARGV[1] .. id
  local lock = redis.call('GET', job .. ':lock')
  local unheard = lock and string.sub(lock, 1, #ARGV[3]) == ARGV[3] and not known[lock]
  if not lock or unheard then
    redis.call('LREM', KEYS[1], 1, id)
    redis.call('SREM', KEYS[4], id)
    redis.call('DEL', job .. ':lock')
    local priority = tonumber(redis.call('HGET', job, 'priority')) or 0
    if priority > 0 then redis.call('ZADD', KEYS[2], priority * 0x100000000, id) else redis.call('RPUSH', KEYS[3], id) end
    if unheard then redis.call('HINCRBY', job, 'x-uncounted', 1) else redis.call('HSET', job, 'x-error', ARGV[2]) end
    lost = lost + 1
  end
end
return lost`;

/**
 * Those that an owner held before are his anew, with their attempt counted. KEYS: active. ARGV: prefix, owner, what
 * their tokens begin with before the id, ms. Gives ids.
 */
const takeOver = `
local taken = {}
local ids = redis.call('LRANGE', KEYS[1], 0, -1)
for at = #ids, 1, -1 do
  local job = ARGV[1] .. ids[at]
  local lock = redis.call('GET', job .. ':lock')
  if lock and string.sub(lock, 1, #ARGV[2]) == ARGV[2] then
    redis.call('SET', job .. ':lock', ARGV[3] .. ids[at], 'PX', ARGV[4])
    redis.call('HSET', job, 'x-holder', ARGV[3] .. ids[at])
    redis.call('HINCRBY', job, 'ats', 1)
    table.insert(taken, ids[at])
  end
end
return taken`;

/**
 * An owner is about to begin an effect for a job: noted, so that nobody else begins it anew, unless somebody else has it or it was sent again;
 * 0 = that is so, -1 = there is no such job. KEYS: active, stalled, job, his sign of life, dead. ARGV: id, owner, ms, note.
 */
const hold = `
if redis.call('EXISTS', KEYS[3]) == 0 then return redis.call('ZSCORE', KEYS[5], ARGV[1]) and 0 or -1 end
local holder = redis.call('HGET', KEYS[3], 'x-holder') or ''
if string.sub(holder, 1, #ARGV[2]) ~= ARGV[2] or redis.call('HEXISTS', KEYS[3], 'x-requeued-as') == 1 then return 0 end
if redis.call('LPOS', KEYS[1], ARGV[1]) then
  redis.call('SET', KEYS[3] .. ':lock', holder, 'PX', ARGV[3])
  redis.call('SREM', KEYS[2], ARGV[1])
end
redis.call('HSETNX', KEYS[3], 'x-effects', ARGV[4])
redis.call('SET', KEYS[4], '1', 'PX', ARGV[3])
return 1`;

/** Notes an end that came after the job was lost. KEYS: where it may lie. ARGV: note. */
const late = `
for _, job in ipairs(KEYS) do
  if redis.call('EXISTS', job) == 1 then redis.call('HSET', job, 'x-late', ARGV[1]) end
end
return 1`;

/** A job is given back: what is noted, and that its attempt does not count; 0 = he has lost it. KEYS: job. ARGV: token, why, not before. */
const uncount = `
if redis.call('GET', KEYS[1] .. ':lock') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'x-error', ARGV[2], 'x-not-before', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'x-uncounted', 1)
return 1`;

/** Dead letters of those that nobody began in time. KEYS: expiring, prioritized, wait, delayed, failed. ARGV: prefix, now. Gives how many. */
const expire = `
local buried = 0
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, 1000)) do
  redis.call('ZREM', KEYS[1], id)
  if redis.call('ZREM', KEYS[2], id) + redis.call('ZREM', KEYS[4], id) + redis.call('LREM', KEYS[3], 1, id) > 0 then
    redis.call('ZADD', KEYS[5], ARGV[2], id)
    redis.call('HSET', ARGV[1] .. id, 'failedReason', 'expired', 'finishedOn', ARGV[2])
    buried = buried + 1
  end
end
return buried`;

/** Removes up to 1,000 jobs of a set. KEYS: set, expiring, a list that holds them too. ARGV: prefix of the jobs, highest score. Gives how many. */
const removeMany = `
local isList = redis.call('TYPE', KEYS[1]).ok == 'list'
local ids
if isList then ids = redis.call('LRANGE', KEYS[1], 0, 999)
else ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2], 'LIMIT', 0, 1000) end
for _, id in ipairs(ids) do
  if not isList then redis.call('ZREM', KEYS[1], id) end
  redis.call('ZREM', KEYS[2], id)
  redis.call('LREM', KEYS[3], 1, id)
  redis.call('DEL', ARGV[1] .. id, ARGV[1] .. id .. ':lock', ARGV[1] .. id .. ':logs')
end
return #ids`;

/** In which of these sets a job is, counted from 1; 0 = in none. KEYS: sorted sets, the last two are lists. ARGV: id. */
const placeOf = `
for at, key in ipairs(KEYS) do
  if at > #KEYS - 2 then
    if redis.call('LPOS', key, ARGV[1]) then return at end
  elseif redis.call('ZSCORE', key, ARGV[1]) then return at end
end
return 0`;

/** Name of each script, its text, and how many keys it has. */
export const SCRIPTS = {
  queueTell: { lua: tell, numberOfKeys: 4 },
  queueBegin: { lua: begin, numberOfKeys: 2 },
  queueKeep: { lua: keep, numberOfKeys: 3 },
  queueLose: { lua: lose, numberOfKeys: 4 },
  queueTakeOver: { lua: takeOver, numberOfKeys: 1 },
  queueHold: { lua: hold, numberOfKeys: 5 },
  queueLate: { lua: late, numberOfKeys: 2 },
  queueUncount: { lua: uncount, numberOfKeys: 1 },
  queueExpire: { lua: expire, numberOfKeys: 5 },
  queueRemoveMany: { lua: removeMany, numberOfKeys: 3 },
  queuePlaceOf: { lua: placeOf, numberOfKeys: 8 },
  ...REMOTE_SCRIPTS,
} as const;

export type ScriptName = keyof typeof SCRIPTS;
