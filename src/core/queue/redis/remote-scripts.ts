/** KEYS: owner. ARGV: worker, ms. Gives who has it now. */
const own = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX')
return redis.call('GET', KEYS[1])`;

/** KEYS: owner. ARGV: worker. */
const giveBack = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** KEYS: owner, stream. ARGV: worker, text, channel, ms. 0 = another has it. */
const tell = `
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[4])
redis.call('XADD', KEYS[2], '*', 't', ARGV[2])
redis.call('PUBLISH', ARGV[3], KEYS[2])
return 1`;

/** KEYS: workers. ARGV: id, card. The server's clock says when. */
const announce = `
local time = redis.call('TIME')
return redis.call('HSET', KEYS[1], ARGV[1], time[1] .. string.format('%03d', math.floor(time[2] / 1000)) .. ' ' .. ARGV[2])`;

/** What control centers and workers of a queue tell each other, and who has a message. */
export const REMOTE_SCRIPTS = {
  remoteOwn: { lua: own, numberOfKeys: 1 },
  remoteGiveBack: { lua: giveBack, numberOfKeys: 1 },
  remoteTell: { lua: tell, numberOfKeys: 2 },
  remoteAnnounce: { lua: announce, numberOfKeys: 1 },
} as const;
