import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { Failure } from "../api/failure";
import { draw } from "../test/draw";
import { Loaded } from "./Loaded";

/** A part whose askings are answered one by one, as the test says. */
function part() {
  const asked: { give: (data: string) => void; refuse: () => void }[] = [];
  const Part = () => {
    const query = useQuery({
      queryKey: ["part"],
      retry: false,
      queryFn: () =>
        new Promise<string>((give, refuse) =>
          asked.push({ give, refuse: () => refuse(new Failure({ status: 503, code: "unavailable" })) }),
        ),
    });
    return <Loaded query={query}>{(data) => <p>{data}</p>}</Loaded>;
  };
  const queries = new QueryClient();
  const drawn = draw(
    <QueryClientProvider client={queries}>
      <Part />
    </QueryClientProvider>,
  );
  const answered = (how: "give" | "refuse") =>
    act(async () => (how === "give" ? asked.at(-1)?.give("Here") : asked.at(-1)?.refuse()));
  return { ...drawn, queries, asked, answered };
}

it("keeps a failure and the focus of its button while it is asked again", async () => {
  const { user, queries, asked, answered } = part();
  await answered("refuse");
  const retry = await screen.findByRole("button", { name: "Retry" });
  act(() => retry.focus());
  await act(async () => void queries.refetchQueries({ queryKey: ["part"] }));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(screen.getByRole("button", { name: "Retry" })).toBe(retry);
  expect(retry).toHaveFocus();
  await answered("refuse");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(asked).toHaveLength(3));
  await waitFor(() => expect(retry).toHaveAttribute("data-busy"));
  await answered("give");
  expect(await screen.findByText("Here")).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});
