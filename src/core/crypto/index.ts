/** Loaded with the first use: taking a run over may need none of it, and it is a tenth of what the engine loads. */
const library = () => process.getBuiltinModule('node:crypto');

/** The SHA-256 of a text's UTF-8 bytes as 64 lower-case hex digits. */
export const sha256Hex = (text: string): string => library().hash('sha256', text, 'hex');

/** So many random bytes as lower-case hex. */
export const randomHex = (bytes: number): string => library().randomBytes(bytes).toString('hex');
