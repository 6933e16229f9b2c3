export { type DesktopNotice, DesktopNotices } from './desktop-notices.ts';
