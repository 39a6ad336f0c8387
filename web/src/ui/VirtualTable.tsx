/** A table of any length that keeps a few dozen rows in the page. */
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useMedia } from "./media";
import { useShortcuts } from "./shortcuts";
import "./Link.css";
import "./Table.css";

export type Column<Row> = {
  id: string;
  head: ReactNode;
  /** CSS width of the column; one column without a width takes the rest. */
  width?: string;
  /** Leaves the table when it gets narrower than this. */
  from?: "narrow" | "middle" | "wide";
  number?: boolean;
  /** Which way the rows are sorted by it now; nothing when they are not. */
  sorted?: "ascending" | "descending" | undefined;
  cell: (row: Row) => ReactNode;
};

export type TableHandle = { focusRow: (id: string) => void; scrollToTop: () => void };

type VirtualTableProps<Row> = {
  /** What the table holds, for screen readers. */
  label: string;
  rows: Row[];
  /** The first column holds the row's link. */
  columns: Column<Row>[];
  idOf: (row: Row) => string;
  hrefOf: (row: Row) => string;
  /** Name of the row's link, beginning with what the first cell shows. */
  nameOf?: (row: Row) => string;
  selected?: string | undefined;
  /** Whether more rows may come; `onEnd` is called when the reader nears the end. */
  more: boolean;
  onEnd: () => void;
  onOpen: (row: Row) => void;
  /** Called when the keyboard moves to a row. */
  onMove?: (row: Row) => void;
  /** Called with whether the list stands at its very top. */
  onTop?: (atTop: boolean) => void;
  ref?: Ref<TableHandle>;
};

const NEAR_END = 20;

export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, rows, columns, idOf, hrefOf, nameOf, selected, more, onEnd, onOpen, onMove, onTop, ref } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState<string>();
  const wanted = useRef<string>(undefined);
  const height = useRowHeight();

  const index = Math.max(
    0,
    rows.findIndex((row) => idOf(row) === (current ?? selected)),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: 8,
    getItemKey: (at) => {
      const row = rows[at];
      return row === undefined ? at : idOf(row);
    },
    // The row with the focus stays in the page, or scrolling would lose the reader's place.
    rangeExtractor: (range: Range) => {
      const visible = defaultRangeExtractor(range);
      return visible.includes(index) ? visible : [...visible, index].sort((a, b) => a - b);
    },
    initialRect: { width: 800, height: 600 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new row height invalidates every measured row
  useEffect(() => virtualizer.measure(), [height]);

  const items = virtualizer.getVirtualItems().filter((item) => item.index < rows.length);
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - NEAR_END) onEnd();
  }, [more, last, rows.length, onEnd]);

  const atTop = (virtualizer.scrollOffset ?? 0) < 4;
  useEffect(() => onTop?.(atTop), [atTop, onTop]);

  const focusIndex = (at: number) => {
    const row = rows[at];
    if (row === undefined) return;
    wanted.current = idOf(row);
    setCurrent(idOf(row));
    virtualizer.scrollToIndex(at, { align: "auto" });
    onMove?.(row);
  };
  // The row may only be in the page after the scroll: the focus follows as soon as it is.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = frame.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(wanted.current)}"] a`);
    if (!link) return;
    link.focus({ preventScroll: true });
    wanted.current = undefined;
  });

  useImperativeHandle(ref, () => ({
    focusRow: (id) => {
      const at = rows.findIndex((row) => idOf(row) === id);
      const row = rows[at];
      if (row === undefined) return;
      wanted.current = id;
      setCurrent(id);
      virtualizer.scrollToIndex(at, { align: "auto" });
    },
    scrollToTop: () => frame.current?.scrollTo({ top: 0 }),
  }));

  const hasFocus = () => frame.current?.contains(document.activeElement) === true;
  const step = (by: number) => {
    const started = hasFocus() || current !== undefined || selected !== undefined;
    focusIndex(started ? Math.min(rows.length - 1, Math.max(0, index + by)) : 0);
  };
  useShortcuts({ j: () => step(1), k: () => step(-1) });
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || !hasFocus()) return;
    event.preventDefault();
    focusIndex(Math.min(rows.length - 1, Math.max(0, to)));
  };

  const total = virtualizer.getTotalSize();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside
    <div ref={frame} className="table-frame virtual-frame" onKeyDown={onKeyDown}>
      <table className="table virtual" aria-label={label} aria-rowcount={more ? -1 : rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classOf(column)}
                ref={widthOf(column.width)}
                aria-sort={column.sorted}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.flatMap((item, at) => {
            const row = rows[item.index] as Row;
            const id = idOf(row);
            const before = at === 0 ? item.start : item.start - (items[at - 1]?.end ?? 0);
            return [
              before > 0 && <Space key={`before ${id}`} height={before} />,
              <tr
                key={id}
                data-row={id}
                data-link
                data-selected={id === selected ? "" : undefined}
                aria-rowindex={item.index + 2}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest("a, button") || document.getSelection()?.toString()) return;
                  onOpen(row);
                }}
              >
                {columns.map((column, place) =>
                  place === 0 ? (
                    <th key={column.id} scope="row" className={classOf(column)} ref={heightOf(height)}>
                      <a
                        href={hrefOf(row)}
                        className="link link-plain cell-main"
                        tabIndex={item.index === index ? 0 : -1}
                        onFocus={() => setCurrent(id)}
                        onClick={(event) => {
                          // A press with a modifier opens a window of its own, as with any link.
                          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                          event.preventDefault();
                          onOpen(row);
                        }}
                        {...(nameOf ? { "aria-label": nameOf(row) } : {})}
                      >
                        {column.cell(row)}
                      </a>
                    </th>
                  ) : (
                    <td key={column.id} className={classOf(column)}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>,
            ];
          })}
          <Space height={Math.max(0, total - (items.at(-1)?.end ?? 0))} />
        </tbody>
      </table>
    </div>
  );
}

function Space({ height }: { height: number }) {
  if (height === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
    <tr className="virtual-space" aria-hidden="true">
      <td ref={heightOf(height)} />
    </tr>
  );
}

function classOf<Row>(column: Column<Row>): string | undefined {
  const classes = [column.from && `from-${column.from}`, column.number && "number"].filter(Boolean).join(" ");
  return classes === "" ? undefined : classes;
}

// Sizes are set by script: the Content-Security-Policy allows no style attributes in markup.
const heightOf = (height: number) => (cell: HTMLTableCellElement | null) => {
  if (cell) cell.style.height = `${height}px`;
};

const widthOf = (width: string | undefined) => (cell: HTMLTableCellElement | null) => {
  if (cell && width) cell.style.width = width;
};

/** Must agree with `--row` and with the second line that cells show when the table is narrow. */
function useRowHeight(): number {
  const coarse = useMedia("(pointer: coarse)");
  const narrow = useMedia("(max-width: 560px)");
  if (narrow) return 56;
  const comfortable = typeof document !== "undefined" && document.documentElement.dataset.density === "comfortable";
  return coarse || comfortable ? 44 : 36;
}
