import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { draw } from "../test/draw";
import { FilterBar } from "./FilterBar";

const search = { label: "Search", placeholder: "Search", value: "", onChange: vi.fn() };
const outcome = {
  id: "outcome",
  label: "Outcome",
  options: [
    { value: "accepted", label: "Accepted" },
    { value: "rejected", label: "Rejected" },
  ],
};

it("sets a filter, and clears it by any", async () => {
  const change = vi.fn();
  const { user, rerender } = draw(
    <FilterBar search={search} filters={[{ ...outcome, value: undefined, onChange: change }]} />,
  );
  await user.selectOptions(screen.getByLabelText("Outcome"), "Rejected");
  expect(change).toHaveBeenLastCalledWith("rejected");
  rerender(<FilterBar search={search} filters={[{ ...outcome, value: "rejected", onChange: change }]} />);
  await user.selectOptions(screen.getByLabelText("Outcome"), "any");
  expect(change).toHaveBeenLastCalledWith(undefined);
});

it("passes a search on once, when the typing pauses", async () => {
  const change = vi.fn();
  const { user } = draw(<FilterBar search={{ ...search, onChange: change }} />);
  await user.type(screen.getByRole("searchbox"), "ada");
  expect(change).not.toHaveBeenCalled();
  await waitFor(() => expect(change).toHaveBeenCalledOnce());
  expect(change).toHaveBeenCalledWith("ada");
});

it("clears the search at once by Esc", async () => {
  const change = vi.fn();
  const { user } = draw(<FilterBar search={{ ...search, value: "ada", onChange: change }} />);
  await user.click(screen.getByRole("searchbox"));
  await user.keyboard("{Escape}");
  await waitFor(() => expect(change).toHaveBeenCalledWith(""));
});

it("follows an address that changes under it", () => {
  const { rerender } = draw(<FilterBar search={{ ...search, value: "ada" }} />);
  rerender(<FilterBar search={{ ...search, value: "max" }} />);
  expect(screen.getByRole("searchbox")).toHaveValue("max");
});

it("counts what is set on its button, and clears what has no choice of its own", async () => {
  const clear = vi.fn();
  const { user } = draw(
    <FilterBar
      search={search}
      filters={[{ ...outcome, value: "rejected", onChange: vi.fn() }]}
      fixed={[{ id: "resource", label: "One person or group", onClear: clear }]}
    />,
  );
  expect(screen.getByRole("button", { name: "Filters (1)" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear One person or group" }));
  expect(clear).toHaveBeenCalledOnce();
});
