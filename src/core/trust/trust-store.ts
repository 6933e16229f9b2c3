import { mkdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Consent } from '../../shared/model/trigger.ts';
import { type AcceptedVersion, CAPABILITY_KINDS, type TrustSubject } from '../../shared/model/trust.ts';
import { errnoOf, toFileError, writeFileAtomic } from '../files/index.ts';

const pinSchema = z.object({
  from: z.string(),
  ref: z.string(),
  versionHash: z.string(),
  workflowPath: z.string(),
  workflowId: z.string(),
});
const acceptedSchema = z.object({
  contentHash: z.string(),
  versionLabel: z.string(),
  pins: z.array(pinSchema).optional(),
  by: z.string(),
  at: z.number(),
});
const subjectSchema = z.object({
  outside: z
    .object({
      contentHash: z.string(),
      by: z.string(),
      at: z.number(),
      replaced: z.string().optional(),
      signer: z.string().optional(),
    })
    .nullable(),
  accepted: acceptedSchema.nullable(),
  signer: z.string().optional(),
  before: acceptedSchema.optional(),
});
const armedSchema = z.object({
  definitionHash: z.string(),
  by: z.string(),
  at: z.number(),
  pinned: z.object({ path: z.string(), version: acceptedSchema }).optional(),
});
const changeSchema = z.object({
  id: z.string(),
  operation: z.enum(['bundles.import', 'bundles.undoImport', 'workflows.remove', 'workflows.restore']),
  path: z.string(),
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  aside: z.string().nullable(),
  back: z.object({ token: z.string(), path: z.string() }).nullable(),
  outside: subjectSchema.shape.outside,
  consent: z.object({ read: z.array(z.string()) }).nullable(),
  event: z.object({ type: z.enum(['bundle.imported', 'bundle.removed']), name: z.string(), contentHash: z.string() }),
  at: z.number(),
  actor: z.object({
    kind: z.enum(['user', 'system']),
    id: z.string(),
    door: z.enum(['cli', 'browser', 'desktop', 'socket', 'engine']),
  }),
});
const acceptedReachSchema = z.object({
  hash: z.string(),
  contentHash: z.string(),
  capabilities: z.array(
    z.object({
      kind: z.enum(CAPABILITY_KINDS),
      name: z.string(),
      purpose: z.string(),
      source: z.enum(['declared', 'code']),
      fingerprint: z.string(),
    }),
  ),
  by: z.string(),
  at: z.number(),
});
const fileSchema = z.object({
  /** Where the folder itself came from, and what a person accepted of its settings. */
  project: z.object({ origin: z.enum(['here', 'elsewhere']), accepted: acceptedReachSchema.optional() }).optional(),
  /** A change of the library that was begun: an import, a removal. */
  change: changeSchema.optional(),
  /** This file was damaged: a bundle of which it says nothing counts as from outside. */
  doubtsBundles: z.literal(true).optional(),
  subjects: z.record(z.string(), subjectSchema),
  armed: z.record(z.string(), armedSchema),
  aside: z.record(z.string(), z.object({ path: z.string(), subject: subjectSchema.nullable() })),
});

/**
 * A change of the library as it was decided: what moves, and what becomes of the trust in it. It stands here from its beginning to its
 * end, so that one that was cut short can be ended.
 */
export type LibraryChange = Readonly<z.infer<typeof changeSchema>>;

/** What a person accepted of a project folder that came from elsewhere: its settings (`hash`), and the whole sheet that was shown. */
export type AcceptedReach = Readonly<z.infer<typeof acceptedReachSchema>>;

/** Who armed a trigger, and for which definition of it. */
interface Arming extends Pick<Consent, 'definitionHash' | 'by' | 'at'> {
  /** It stays with this version of the workflow at `path`, whatever is accepted later (`version_policy: pin`); else the accepted one. */
  readonly pinned?: { readonly path: string; readonly version: AcceptedVersion };
}

/** Whether this user made a project here (or had it already), or got its folder from elsewhere. */
export type ProjectOrigin = 'here' | 'elsewhere';

/** All that the file says. */
interface TrustFile {
  readonly project?: { readonly origin: ProjectOrigin; readonly accepted?: AcceptedReach | undefined } | undefined;
  readonly change?: LibraryChange | undefined;
  readonly doubtsBundles?: true | undefined;
  readonly subjects: Readonly<Record<string, TrustSubject>>;
  readonly armed: Readonly<Record<string, Arming>>;
  /** What is known of paths that were removed or replaced, by the token that brings them back. */
  readonly aside: Readonly<Record<string, { readonly path: string; readonly subject: TrustSubject | null }>>;
}

/** A trigger as far as consent goes. */
export interface ArmableTrigger {
  readonly key: string;
  readonly workflowPath: string;
}

const EMPTY: TrustFile = { subjects: {}, armed: {}, aside: {} };
/** Nobody knows any more where it came from. */
const FROM_NOWHERE: TrustSubject = { outside: { contentHash: '', by: '', at: 0 }, accepted: null };
const KEPT_ASIDE = 200;

/**
 * Which version of which workflow a person accepted, and which triggers may start it by themselves. The one consent there is: a trigger
 * that is armed starts the accepted version and no other; a pinned one that which was accepted when it was armed. The file lies outside
 * the project: a folder that somebody shares must not carry its own trust (DESIGN decision 2). Paths are those of the library, from the project.
 */
export class TrustStore {
  readonly #file: string;
  #state: TrustFile;
  /** One write after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(file: string, state: TrustFile) {
    this.#file = file;
    this.#state = state;
  }

  /**
   * Opens the store of a project; `migrate` says what was consented to before there was one, and is asked once. A damaged file trusts
   * nothing: every bundle is asked about anew. Errors: `file.io` when the file is there and cannot be read.
   */
  static async open(file: string, migrate: () => Promise<Pick<TrustFile, 'subjects' | 'armed'>>): Promise<TrustStore> {
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') return null;
      throw toFileError(thrown, file);
    });
    if (text !== null) return new TrustStore(file, parse(text));
    const store = new TrustStore(file, EMPTY);
    const before = await migrate();
    if (Object.keys(before.armed).length + Object.keys(before.subjects).length > 0)
      await store.#write((state) => ({ ...state, ...before }));
    return store;
  }

  /** What is known of a path: where it came from, which version was accepted. Null = nothing: it was made here. */
  subject(path: string): TrustSubject | null {
    const known = this.#state.subjects[path];
    if (known !== undefined) return known;
    if (this.origin === 'elsewhere' && !isAbsolute(path)) return FROM_NOWHERE;
    return this.#state.doubtsBundles === true && path.includes('/bundles/') ? FROM_NOWHERE : null;
  }

  /** Where the project's folder came from; null = nobody has looked yet. */
  get origin(): ProjectOrigin | null {
    return this.#state.project?.origin ?? null;
  }

  /** What was accepted of a folder from elsewhere; null = nothing. */
  get acceptedReach(): AcceptedReach | null {
    return this.#state.project?.accepted ?? null;
  }

  /** Writes down where the folder came from. As `accept`. */
  noteOrigin(origin: ProjectOrigin): Promise<void> {
    return this.#write((state) => ({ ...state, project: { origin } }));
  }

  /** Accepts what a folder from elsewhere reaches; null = nothing of it any more. As `accept`. */
  acceptReach(accepted: AcceptedReach | null): Promise<void> {
    return this.#write((state) => ({
      ...state,
      project: { origin: 'elsewhere', ...(accepted === null ? {} : { accepted }) },
    }));
  }

  /** Something was made here in a folder that came from elsewhere. As `accept`. */
  async noteOwn(path: string): Promise<void> {
    if (this.origin === 'elsewhere') await this.#setSubject(path, { outside: null, accepted: null });
  }

  /** All paths of which something is known. */
  subjects(): readonly (readonly [path: string, subject: TrustSubject])[] {
    return Object.entries(this.#state.subjects);
  }

  /** What a trigger was armed for: its definition then, and the version of its workflow that it starts. Null = it is not armed. */
  consentOf({ key, workflowPath }: ArmableTrigger): Consent | null {
    const armed = this.#state.armed[key];
    const subject = this.subject(workflowPath);
    if (armed === undefined || subject === null || subject.accepted === null) return null;
    const { contentHash, versionLabel, pins } = armed.pinned?.version ?? subject.accepted;
    const { before } = subject;
    return {
      ...{ definitionHash: armed.definitionHash, by: armed.by, at: armed.at },
      ...{ contentHash, versionLabel },
      ...(pins === undefined ? {} : { pins }),
      ...(before === undefined ? {} : { before }),
    };
  }

  /** Whether a version is accepted, was until a newer one is proven, has a trigger pinned to it, or is called by such a one: its copy must stay. */
  holds(contentHash: string): boolean {
    const isOf = (version: AcceptedVersion | null | undefined): boolean =>
      version?.contentHash === contentHash || version?.pins?.some((pin) => pin.versionHash === contentHash) === true;
    return (
      this.subjects().some(([, subject]) => isOf(subject.accepted) || isOf(subject.before)) ||
      Object.values(this.#state.armed).some(({ pinned }) => isOf(pinned?.version))
    );
  }

  /** Whether an armed trigger of a path is pinned to a version. */
  isPinned(path: string, contentHash: string): boolean {
    return Object.values(this.#state.armed).some(
      ({ pinned }) => pinned?.path === path && pinned.version.contentHash === contentHash,
    );
  }

  /** Accepts a version; `before` goes on until the new one is proven. Durable when it resolves. Errors: `file.*`; then nothing has changed. */
  accept(path: string, accepted: AcceptedVersion, before?: AcceptedVersion): Promise<void> {
    const { outside = null, signer: pinned } = this.subject(path) ?? {};
    // What was changed here since it came is nobody's to sign; the pin stays for the next one that comes.
    const signer = outside?.contentHash === accepted.contentHash ? outside.signer : pinned;
    return this.#setSubject(path, { outside, accepted, ...written({ before, signer }) });
  }

  /** Nothing of this path is accepted any more, and nothing stays with a version of it; where it came from stays known. As `accept`. */
  withdraw(path: string): Promise<void> {
    const { outside = null, signer } = this.subject(path) ?? {};
    return this.#write((state) => ({
      ...state,
      subjects: { ...state.subjects, [path]: { outside, accepted: null, ...written({ signer }) } },
      armed: Object.fromEntries(Object.entries(state.armed).filter(([, { pinned }]) => pinned?.path !== path)),
    }));
  }

  /** Something came from outside to a path; what was accepted there stays until somebody accepts the new one. As `accept`. */
  noteOutside(path: string, outside: NonNullable<TrustSubject['outside']>): Promise<void> {
    return this.#setSubject(path, { ...(this.subject(path) ?? { accepted: null }), outside });
  }

  /** Nothing is known of a path any more. As `accept`. */
  forget(path: string): Promise<void> {
    return this.#write((state) => {
      const { [path]: _gone, ...subjects } = state.subjects;
      return { ...state, subjects };
    });
  }

  /** The change of the library that was begun and has not ended; null = none. */
  get change(): LibraryChange | null {
    return this.#state.change ?? null;
  }

  /** Writes a change down before anything of it is done. As `accept`. */
  begin(change: LibraryChange): Promise<void> {
    return this.#write((state) => ({ ...state, change }));
  }

  /** It is done, or nothing of it. As `accept`. */
  end(): Promise<void> {
    return this.#write(({ change: _ended, ...state }) => state);
  }

  /**
   * What becomes of the trust in what a change moves: it goes aside with what goes, comes back with what comes back, and notes what came
   * from outside, while what was accepted there stays until somebody accepts the new one. Doing it again changes nothing. As `accept`.
   */
  apply({ path, aside, back, outside }: LibraryChange): Promise<void> {
    return this.#write((state) => {
      const before = this.subject(path);
      const subjects = { ...state.subjects };
      let kept = { ...state.aside };
      if (aside !== null && kept[aside] === undefined) {
        kept[aside] = { path, subject: state.subjects[path] ?? null };
        delete subjects[path];
      }
      if (back !== null && kept[back.token] !== undefined) {
        const { subject } = kept[back.token] ?? { subject: null };
        if (subject === null) delete subjects[back.path];
        else subjects[back.path] = subject;
        const { [back.token]: _used, ...others } = kept;
        kept = others;
      }
      if (outside !== null) subjects[path] = { ...(before ?? { accepted: null }), outside };
      return { ...state, subjects, aside: Object.fromEntries(Object.entries(kept).slice(-KEPT_ASIDE)) };
    });
  }

  /** Lets a trigger start its workflow. As `accept`. */
  arm(key: string, armed: Arming): Promise<void> {
    return this.#write((state) => ({ ...state, armed: { ...state.armed, [key]: armed } }));
  }

  /** As `accept`. */
  disarm(key: string): Promise<void> {
    return this.#write((state) => {
      const { [key]: _gone, ...armed } = state.armed;
      return { ...state, armed };
    });
  }

  #setSubject(path: string, subject: TrustSubject): Promise<void> {
    return this.#write((state) => ({
      ...state,
      subjects: { ...state.subjects, [path]: subject },
    }));
  }

  #write(change: (state: TrustFile) => TrustFile): Promise<void> {
    const written = this.#writing.then(async () => {
      const next = change(this.#state);
      if (next === this.#state) return;
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(this.#file, `${JSON.stringify(next, null, 2)}\n`, 0o600);
      this.#state = next;
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

function parse(text: string): TrustFile {
  try {
    return fileSchema.parse(JSON.parse(text)) as TrustFile;
  } catch {
    // Of a folder from elsewhere nothing is accepted any more, as far as the file can still say that it is one.
    const project = text.includes('"elsewhere"') ? { project: { origin: 'elsewhere' as const } } : {};
    return { ...EMPTY, doubtsBundles: true, ...project };
  }
}

/** What is there of optional fields. */
const written = <T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
