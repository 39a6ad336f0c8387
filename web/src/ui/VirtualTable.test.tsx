import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { preferences } from "../preferences";
import { draw } from "../test/draw";
import { type Column, VirtualTable } from "./VirtualTable";

type Row = { id: string; name: string; note: string };

const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ id: `r${at}`, name: `Person ${at}`, note: `note ${at}` }));

const columns: Column<Row>[] = [
  { id: "name", head: "Name", cell: (row) => row.name },
  { id: "note", head: "Note", cell: (row) => row.note, width: "100px", number: true },
];

const table = (properties: Partial<Parameters<typeof VirtualTable<Row>>[0]> = {}) =>
  draw(
    <VirtualTable<Row>
      label="People"
      rows={rows(100_000)}
      columns={columns}
      idOf={(row) => row.id}
      hrefOf={(row) => `/p/${row.id}`}
      more={false}
      onEnd={vi.fn()}
      onOpen={vi.fn()}
      {...properties}
    />,
  );

// jsdom lays nothing out: the frame gets the height that a window would give it.
for (const [side, length] of [
  ["clientHeight", 600],
  ["clientWidth", 800],
] as const) {
  Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => length });
}

describe("a long list", () => {
  it("keeps at most 60 of 100,000 rows in the page", () => {
    table();
    const drawn = screen.getAllByRole("row").length;
    expect(drawn).toBeGreaterThan(10);
    expect(drawn).toBeLessThanOrEqual(60);
  });

  it("tells how long it is, or that it does not know yet", () => {
    const { unmount } = table();
    expect(screen.getByRole("table", { name: "People" })).toHaveAttribute("aria-rowcount", "100001");
    unmount();
    table({ rows: rows(100), more: true });
    expect(screen.getByRole("table")).toHaveAttribute("aria-rowcount", "-1");
  });

  it("counts its rows from the head on", () => {
    table({ rows: rows(3) });
    expect(screen.getAllByRole("row").map((row) => row.getAttribute("aria-rowindex"))).toEqual(["1", "2", "3", "4"]);
  });

  it("has one tab stop, the links of its other rows being reached by arrows", () => {
    table({ rows: rows(5) });
    expect(screen.getAllByRole("link").map((link) => link.tabIndex)).toEqual([0, -1, -1, -1, -1]);
  });

  it("asks for more when its end comes near, and only while there is more", () => {
    const onEnd = vi.fn();
    const { unmount } = table({ rows: rows(10), more: true, onEnd });
    expect(onEnd).toHaveBeenCalled();
    unmount();
    const never = vi.fn();
    table({ rows: rows(10), more: false, onEnd: never });
    expect(never).not.toHaveBeenCalled();
  });
});

describe("moving through it", () => {
  const focused = () => document.activeElement?.textContent;

  it("goes by J and K, and stops at the ends", async () => {
    const { user } = table({ rows: rows(3) });
    await user.keyboard("j");
    expect(focused()).toBe("Person 0");
    await user.keyboard("jjj");
    expect(focused()).toBe("Person 2");
    await user.keyboard("kkkk");
    expect(focused()).toBe("Person 0");
  });

  it("goes by arrows, Home and End once it has the focus", async () => {
    const { user } = table({ rows: rows(4) });
    await user.tab();
    await user.keyboard("{ArrowDown}");
    expect(focused()).toBe("Person 1");
    await user.keyboard("{End}");
    expect(focused()).toBe("Person 3");
    await user.keyboard("{Home}");
    expect(focused()).toBe("Person 0");
  });

  it("leaves single keys alone when they are switched off", async () => {
    preferences.change({ singleKeys: false });
    const { user } = table({ rows: rows(3) });
    await user.keyboard("j");
    expect(document.activeElement).toBe(document.body);
    preferences.change({ singleKeys: true });
  });

  it("opens by Enter and by a press anywhere on the row", async () => {
    const onOpen = vi.fn();
    const { user } = table({ rows: rows(3), onOpen });
    await user.keyboard("jj{Enter}");
    expect(onOpen).toHaveBeenLastCalledWith(expect.objectContaining({ id: "r1" }));
    await user.click(screen.getByText("note 2"));
    expect(onOpen).toHaveBeenLastCalledWith(expect.objectContaining({ id: "r2" }));
    expect(onOpen).toHaveBeenCalledTimes(2);
  });

  it("leaves a press with a modifier to the browser, which opens a window of its own", () => {
    const onOpen = vi.fn();
    table({ rows: rows(3), onOpen });
    const press = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
    fireEvent(screen.getByRole("link", { name: "Person 1" }), press);
    expect(onOpen).not.toHaveBeenCalled();
    expect(press.defaultPrevented).toBe(false);
  });

  it("tells where the keyboard went", async () => {
    const onMove = vi.fn();
    const { user } = table({ rows: rows(3), onMove });
    await user.keyboard("jj");
    expect(onMove.mock.calls.map(([row]) => row.id)).toEqual(["r0", "r1"]);
  });
});
