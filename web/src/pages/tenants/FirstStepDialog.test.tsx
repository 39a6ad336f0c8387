import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Tenant } from "../../api/types";
import { OperatorMessages } from "../../messages/operator";
import { enOperator } from "../../messages/operator.en";
import { draw } from "../../test/draw";
import { FirstStep } from "./FirstStepDialog";

const tenant = { slug: "acme", name: "Acme Corp" } as Tenant;
const sent = vi.fn<(path: string, body: unknown) => Response>();
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => {
    const request = given as Request;
    return sent(new URL(request.url).pathname, await request.json());
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  sent.mockReset();
});

function open() {
  const done = vi.fn();
  const drawn = draw(
    <OperatorMessages.Provide value={enOperator}>
      <FirstStep tenant={tenant} onDone={done} />
    </OperatorMessages.Provide>,
  );
  return { ...drawn, done };
}

it("invites the first admin, and shows the link where no mail took it", async () => {
  const invitation = { id: "i", email: "ada@acme.test", name: "Ada", role: "admin", expiresAt: "2126-05-12T12:00:00Z" };
  sent.mockReturnValue(json(201, { invitation, link: "https://sync.test/invite#x" }));
  const { user, done } = open();
  expect(screen.getByRole("dialog", { name: "“Acme Corp” is there. What next?" })).toBeVisible();
  await user.type(screen.getByLabelText("E-mail"), "ada@acme.test");
  await user.type(screen.getByLabelText("Name"), "Ada");
  await user.click(screen.getByRole("button", { name: "Invite" }));
  const body = { email: "ada@acme.test", name: "Ada", role: "admin" };
  expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/tenants/acme/invitations", body);
  expect(await screen.findByLabelText("Link")).toHaveValue("https://sync.test/invite#x");
  expect(done).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "I have copied it" }));
  expect(done).toHaveBeenCalledOnce();
});

it("makes a connection with a set-up link for it, and a second try makes no second connection", async () => {
  sent.mockReturnValueOnce(json(201, { id: "k", name: "Okta", idp: "entra" }));
  sent.mockReturnValueOnce(json(503, { code: "unavailable", title: "Away", status: 503 }));
  sent.mockReturnValueOnce(
    json(201, { link: { name: "Max", endsAt: "2126-05-12T12:00:00Z" }, url: "https://sync.test/setup#y" }),
  );
  const { user } = open();
  await user.click(screen.getByRole("radio", { name: /^Make a set-up link/ }));
  await user.type(screen.getByLabelText("For whom"), "Max");
  await user.click(screen.getByRole("button", { name: "Make the link" }));
  await user.click(await screen.findByRole("button", { name: "Make the link" }));
  expect(await screen.findByLabelText("Link")).toHaveValue("https://sync.test/setup#y");
  const links = ["/api/v1/tenants/acme/setup-links", { connectionId: "k", name: "Max", lifetimeDays: 7 }];
  expect(sent.mock.calls).toEqual([
    ["/api/v1/tenants/acme/connections", { name: "Microsoft Entra ID", idp: "entra" }],
    links,
    links,
  ]);
});

it("may be left for later", async () => {
  const { user, done } = open();
  await user.click(screen.getByRole("button", { name: "Later" }));
  expect(done).toHaveBeenCalledOnce();
  expect(sent).not.toHaveBeenCalled();
});
