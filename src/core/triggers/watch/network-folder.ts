import { statfs } from 'node:fs/promises';

/**
 * File systems whose changes by others the system does not tell: NFS, SMB, CIFS, SMB2, FUSE (sshfs and the like), 9P, Ceph, AFS, Lustre,
 * GPFS, Coda, shared folders of VirtualBox, NetWare.
 */
const NETWORK_TYPES = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f, 0x0bd00bd0, 0x47504653,
  0x73757245, 0x786f4256, 0x564c,
]);

/** Whether a folder lies on a file system of that kind. Linux tells by the type, Windows by a path that begins with two strokes. */
export async function isNetworkFolder(path: string): Promise<boolean> {
  if (process.platform === 'win32') return path.startsWith('\\\\');
  if (process.platform !== 'linux') return false;
  const type = await statfs(path).then(
    (found) => found.type >>> 0,
    () => 0,
  );
  return NETWORK_TYPES.has(type);
}
