interface SpacerRowProps {
  readonly height: number;
  readonly columns: number;
}

/** Stands in a table for the rows that are not on screen. */
export function SpacerRow({ height, columns }: SpacerRowProps) {
  if (height === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr aria-hidden="true">
      <td colSpan={columns} className="!border-0 !p-0" style={{ height }} />
    </tr>
  );
}
