import type { BrowserWindow } from 'electron';
import type { HostedControlCenter } from '../../server/hosting/host-control-center.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import type { Actor } from '../../shared/model/run.ts';
import { openScreen } from '../main-window.ts';
import type { SettingsKeeper } from '../settings-keeper.ts';
import { worded, words } from '../words/index.ts';
import { type NoticeDecision, openNoticeBoard } from './notice-board.ts';
import { feedNotices } from './notice-feed.ts';

export interface DesktopNoticesOptions {
  readonly center: Pick<HostedControlCenter, 'call' | 'subscribe' | 'onNotice' | 'project'>;
  readonly actor: Actor;
  readonly window: BrowserWindow;
  readonly settings: SettingsKeeper;
  readonly folder: string;
  readonly platform: string;
}

/** Tells on the desktop what a person wants to be told, and does what its buttons ask for. Returns the way to stop. */
export function startDesktopNotices(options: DesktopNoticesOptions): () => void {
  const { center, actor, window, settings, folder, platform } = options;
  const board = openNoticeBoard({
    ...{ settings, folder, platform, now: Date.now },
    project: () => center.project().path,
    open: (path) => openScreen(window, path),
    decide: (decision) => void decide(decision),
  });
  const say = (title: string, text: string, path: string): void =>
    board.tell({ ...{ kind: 'approval', title, text, path }, ...{ isUrgent: true, cause: null, decide: null } });
  const decide = async ({ approvalId, hash, approves, project, title }: NoticeDecision): Promise<void> => {
    const said = words().notices;
    const path = `/approvals?id=${encodeURIComponent(approvalId)}`;
    if (project !== center.project().path) return say(said.notDecided, said.openFirst(project), '/approvals');
    const answer = await (approves
      ? center.call('approvals.approve', { id: approvalId, hash }, actor)
      : center.call('approvals.reject', { id: approvalId, hash, reason: said.rejected }, actor));
    if (answer.ok) return board.settled(path);
    const { message, hint } = answer.error;
    const decided = await deciderOf(center, actor, approvalId);
    if (decided !== null) say(decided, said.nothingLeft(title), path);
    else say(said.notDecided, `${worded(message)} ${worded(hint ?? '')}`.trim(), path);
  };
  const stop = feedNotices({ center, actor, now: Date.now, tell: board.tell, settled: board.settled });
  return () => {
    stop();
    board.close();
  };
}

/** `Already approved by ann` where a request was decided by somebody else in the meantime; null = it was not. */
async function deciderOf(center: DesktopNoticesOptions['center'], actor: Actor, id: string): Promise<string | null> {
  const answer = await center.call('approvals.get', { id }, actor);
  if (!answer.ok) return null;
  const { status, approvals, rejections } = answer.value as OutputOf<'approvals.get'>;
  if (status === 'pending') return null;
  const who = status === 'rejected' ? rejections.at(-1)?.rejector_id : approvals.at(-1)?.approver_id;
  const { already, alreadyBy } = words().notices;
  const done = status === 'approved' || status === 'rejected' ? already[status] : already.other;
  return who === undefined ? done : alreadyBy(done, who);
}
