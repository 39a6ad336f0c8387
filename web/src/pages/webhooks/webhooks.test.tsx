import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Delivery, DeliveryDetail, Webhook } from "../../api/types";
import { draw } from "../../test/draw";
import { DeliveryTable } from "./Deliveries";
import { indented, Said } from "./DeliveryDialog";
import { changeOf, draftOf, emptyDraft, filterOf, typesOf, wantOf } from "./draft";
import { ReplayDialog } from "./ReplayDialog";
import { RotateDialog } from "./RotateDialog";
import { againFrom, standingOf } from "./standing";
import { Trouble, WebhookFacts } from "./WebhookFacts";
import { WebhookForm } from "./WebhookForm";
import { WebhookTable } from "./WebhooksPage";

afterEach(() => vi.unstubAllGlobals());

const webhook: Webhook = {
  id: "0192a000-aaaa-7000-8000-000000000001",
  name: "App",
  url: "https://app.example.com/hook",
  state: "active",
  types: [],
  createdAt: "2026-05-12T08:00:00Z",
  startsAfter: 0,
  deliveredSeq: 40,
  lastSeq: 42,
  waiting: 2,
  secretSetAt: "2026-05-12T08:00:00Z",
  behindRetention: false,
};
const failure = { since: "2026-05-12T09:00:00Z", attempts: 3, reason: "The answer was 503.", status: 503 };

describe("how a webhook stands", () => {
  it.each([
    [{ waiting: 0 }, "working"],
    [{}, "behind"],
    [{ failure }, "failing"],
    [{ failure, state: "paused" }, "paused"],
    [{ failure, state: "parked" }, "parked"],
  ] as const)("%o is %s", (more, standing) => {
    expect(standingOf({ ...webhook, ...more })).toBe(standing);
  });
});

describe("how many changes are sent again", () => {
  it.each([
    ["0", 42],
    ["40", 2],
    [" 42 ", 0],
    ["43", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["", undefined],
  ])("after %j of 42 are %s", (typed, again) => {
    expect(againFrom(typed, 42)).toBe(again);
  });
});

describe("what a webhook gets", () => {
  it("is one choice, whichever way it was narrowed", () => {
    expect(wantOf({ types: [] })).toBe("all");
    expect(wantOf({ types: [], resourceType: "Group" })).toBe("Group");
    expect(wantOf({ types: ["user.created"], resourceType: "User" })).toBe("some");
  });

  it("is sent whole, so that nothing of an earlier choice stays", () => {
    expect(filterOf({ ...emptyDraft, want: "all", types: ["user.created"] })).toEqual({
      types: [],
      resourceType: "any",
    });
    expect(filterOf({ ...emptyDraft, want: "User" })).toEqual({ types: [], resourceType: "User" });
    expect(filterOf({ ...emptyDraft, want: "some", types: ["user.created"] })).toEqual({
      types: ["user.created"],
      resourceType: "any",
    });
  });

  it("names the address only when it is another one", () => {
    expect(changeOf(webhook, draftOf(webhook))).toEqual({ name: "App", types: [], resourceType: "any" });
    expect(changeOf(webhook, { ...draftOf(webhook), url: "https://new.example.com " }).url).toBe(
      "https://new.example.com",
    );
  });

  it("keeps a type that this console does not know", () => {
    expect(typesOf({ types: ["user.teleported"] })).toContain("user.teleported");
  });
});

it("a form asks for a type before it is saved when only some are sent", async () => {
  const save = vi.fn(async () => undefined);
  const { user } = draw(<WebhookForm before={emptyDraft} action="Save" onSave={save} onClose={vi.fn()} />);
  await user.type(screen.getByLabelText("Name"), "App");
  await user.type(screen.getByLabelText("Address"), "https://app.example.com");
  await user.click(screen.getByRole("radio", { name: "Only some types" }));
  expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
  await user.click(screen.getByRole("switch", { name: "user.deactivated" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(save).toHaveBeenCalledWith({
    name: "App",
    url: "https://app.example.com",
    want: "some",
    types: ["user.deactivated"],
  });
});

it("the list leads to each webhook and says how it stands", () => {
  draw(<WebhookTable slug="acme" webhooks={[webhook, { ...webhook, id: "b", name: "Old", state: "parked" }]} />);
  expect(screen.getByRole("link", { name: "App" })).toHaveAttribute("href", `/t/acme/webhooks/${webhook.id}`);
  expect(within(screen.getAllByRole("row")[1] as HTMLElement).getByText("On its way")).toBeVisible();
  expect(within(screen.getAllByRole("row")[2] as HTMLElement).getByText("Parked")).toBeVisible();
});

describe("trouble", () => {
  it("says what went wrong and when it is tried again", () => {
    draw(<Trouble webhook={{ ...webhook, failure: { ...failure, nextAt: "2099-01-01T00:00:00Z" } }} />);
    expect(screen.getByText(/The answer was 503\. \(3 tries so far\)/)).toBeVisible();
    expect(screen.getByText(/^Tried again/)).toBeVisible();
  });

  it("promises no try of a parked one, and says that changes are gone", () => {
    const parked = { ...failure, nextAt: "2099-01-01T00:00:00Z" };
    draw(<Trouble webhook={{ ...webhook, state: "parked", failure: parked, behindRetention: true }} />);
    expect(screen.queryByText(/^Tried again/)).toBeNull();
    expect(screen.getByText(/Nothing is sent any more/)).toBeVisible();
    expect(screen.getByText(/no longer kept/)).toBeVisible();
  });
});

it("the facts say how far it is and until when the old secret signs", () => {
  draw(<WebhookFacts webhook={{ ...webhook, resourceType: "User", oldSecretUntil: "2099-01-01T00:00:00Z" }} />);
  expect(screen.getByText("40 of 42")).toBeVisible();
  expect(screen.getByText("(2 changes wait)")).toBeVisible();
  expect(screen.getByText("changes of people")).toBeVisible();
  expect(screen.getByText(/signs too until/)).toBeVisible();
});

/** Answers every call and remembers what was sent. */
function answering(body: object) {
  const calls: { path: string; sent: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    calls.push({ path: new URL(request.url).pathname, sent: await request.json() });
    return Response.json(body);
  });
  return calls;
}

const drawDialog = (element: React.ReactElement) =>
  draw(<QueryClientProvider client={new QueryClient()}>{element}</QueryClientProvider>);

it("says how many changes are sent again before they are", async () => {
  const calls = answering(webhook);
  const done = vi.fn();
  const { user } = drawDialog(
    <ReplayDialog slug="acme" webhook={webhook} after={undefined} isOpen onReplayed={done} onClose={vi.fn()} />,
  );
  const number = screen.getByLabelText("Send again what came after change");
  await user.type(number, "99");
  expect(screen.getByText("There is no such number.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Send changes again" })).toBeDisabled();
  await user.clear(number);
  await user.type(number, "30");
  expect(screen.getByText(/^12 changes are sent again/)).toBeVisible();
  expect(calls).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Send 12 changes again" }));
  await waitFor(() => expect(done).toHaveBeenCalledWith(webhook));
  expect(calls).toEqual([{ path: `/api/v1/tenants/acme/webhooks/${webhook.id}/replay`, sent: { after: 30 } }]);
});

it("rotates with the overlap that is chosen, and hands the secret on once", async () => {
  const calls = answering({ webhook, secret: "whsec_new" });
  const rotated = vi.fn();
  const { user } = drawDialog(
    <RotateDialog slug="acme" webhook={webhook} isOpen onRotated={rotated} onClose={vi.fn()} />,
  );
  await user.selectOptions(screen.getByLabelText("The old secret signs too for"), "3 days");
  await user.click(screen.getByRole("button", { name: "Rotate secret" }));
  await waitFor(() => expect(rotated).toHaveBeenCalledWith(webhook, "whsec_new"));
  expect(calls.map(({ sent }) => sent)).toEqual([{ keepOldHours: 72 }]);
});

it("the list says which change it was, which try, and what is a test", () => {
  const of = (id: string, more: Partial<Delivery>): Delivery => ({
    id,
    messageId: "msg",
    type: "user.updated",
    at: "2026-05-12T09:00:00Z",
    attempt: 1,
    outcome: "delivered",
    status: 200,
    millis: 3,
    ...more,
  });
  const deliveries = [of("a", { seq: 1_041, attempt: 2, outcome: "failed" }), of("b", { type: "webhook.test" })];
  draw(<DeliveryTable slug="acme" webhook="w1" search={{ outcome: "failed" }} deliveries={deliveries} />);
  expect(screen.getByText("change 1,041, try 2")).toBeVisible();
  expect(screen.getByText("a test")).toBeVisible();
  expect(screen.getByRole("link", { name: "user.updated" })).toHaveAttribute(
    "href",
    "/t/acme/webhooks/w1?outcome=failed&sel=a",
  );
});

describe("one delivery", () => {
  const delivery: Delivery = {
    id: "d1",
    messageId: "msg_1",
    seq: 41,
    prevSeq: 40,
    type: "user.updated",
    resourceId: "u1",
    at: "2026-05-12T09:00:00Z",
    attempt: 2,
    outcome: "refused",
    status: 500,
    millis: 1_200,
    reason: "The answer was 500.",
  };
  const detail: DeliveryDetail = {
    delivery,
    requestHeaders: [{ name: "webhook-id", value: "msg_1" }],
    requestBody: '{"seq":41}',
    answerHeaders: [],
    answerBody: "<script>alert(1)</script>",
  };

  it("shows what was sent and answered as text", () => {
    draw(<Said detail={detail} slug="acme" webhook="w1" />);
    expect(screen.getByRole("link", { name: "All about this one" })).toHaveAttribute(
      "href",
      "/t/acme/webhooks/w1?resource=u1",
    );
    expect(screen.getByText("The answer was 500.")).toBeVisible();
    expect(screen.getByRole("figure", { name: "Sent: Headers" })).toHaveTextContent("webhook-id: msg_1");
    expect(screen.getByRole("figure", { name: "Answered: Body" })).toHaveTextContent("<script>alert(1)</script>");
    expect(screen.getByRole("link", { name: "Open change 41" })).toHaveAttribute("href", "/t/acme/changes?sel=41");
    expect(screen.getByText(/1,200 ms/)).toBeVisible();
  });

  it("says that no answer came", () => {
    const { status: _, ...unanswered } = delivery;
    const { answerBody: __, ...asked } = detail;
    draw(<Said detail={{ ...asked, delivery: { ...unanswered, outcome: "failed" } }} slug="acme" webhook="w1" />);
    expect(screen.getAllByText(/^No answer/)).toHaveLength(2);
  });

  it("is indented when it is JSON, and as it came when it is cut", () => {
    expect(indented('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(indented('{"a":')).toBe('{"a":');
  });
});
