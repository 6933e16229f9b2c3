import type { Menu as ElectronMenu, KeyboardEvent, MenuItem, MenuItemConstructorOptions } from 'electron';
import { onSystemEvent, record } from './test-link.ts';

type Template = Parameters<(typeof ElectronMenu)['buildFromTemplate']>[0];

/** A menu as the test sees it: what stands in it, in order. */
export interface ShownItem {
  readonly label?: string;
  readonly sublabel?: string;
  readonly role?: string;
  readonly type?: string;
  readonly accelerator?: string;
  readonly enabled?: boolean;
  readonly checked?: boolean;
  readonly submenu?: readonly ShownItem[];
}

const menus = new Map<'app' | 'tray', Menu | null>();

/** The part of `Menu` that the app uses; its entries are clicked by the test. */
export class Menu {
  readonly #template: Template;

  constructor(template: Template = []) {
    this.#template = template;
  }

  static buildFromTemplate(template: Template): ElectronMenu {
    return new Menu(template) as unknown as ElectronMenu;
  }

  static setApplicationMenu(menu: ElectronMenu | null): void {
    showMenu('app', menu);
  }

  shown(): readonly ShownItem[] {
    return shownOf(this.#template);
  }

  click(labels: readonly string[]): void {
    let items: Template = this.#template;
    for (const [at, label] of labels.entries()) {
      const item = items.find((one) => (one.label ?? one.role) === label) as MenuItemConstructorOptions | undefined;
      if (item === undefined) throw new Error(`No entry ${labels.join(' > ')} in the menu`);
      if (at < labels.length - 1) items = submenuOf(item) ?? [];
      else if (item.enabled !== false) item.click?.(item as unknown as MenuItem, undefined, {} as KeyboardEvent);
    }
  }
}

/** The menu that is shown now; recorded, so that the test sees each. */
export function showMenu(of: 'app' | 'tray', menu: ElectronMenu | null): void {
  const own = menu as unknown as Menu | null;
  menus.set(of, own);
  record(`menu.${of}`, own?.shown() ?? null);
}

const submenuOf = ({ submenu }: MenuItemConstructorOptions): Template | undefined =>
  Array.isArray(submenu) ? submenu : undefined;

function shownOf(template: Template): readonly ShownItem[] {
  return (template as readonly MenuItemConstructorOptions[]).map((item) => {
    const { label, sublabel, role, type, accelerator, enabled, checked } = item;
    const submenu = submenuOf(item);
    // What is not said is left out, as JSON does.
    return {
      label,
      sublabel,
      role,
      type,
      accelerator,
      enabled,
      checked,
      submenu: submenu && shownOf(submenu),
    } as ShownItem;
  });
}

onSystemEvent('click-menu', (of, ...labels) => menus.get(of)?.click(labels));
