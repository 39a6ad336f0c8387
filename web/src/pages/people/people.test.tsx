import { screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draw } from "../../test/draw";
import { InviteDialog } from "./InviteDialog";
import { LinkDialog } from "./LinkDialog";
import { keyRoles } from "./roles";

const sent = vi.fn<(path: string, body: unknown) => Response>();
const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => {
    const request = given as Request;
    return sent(new URL(request.url).pathname, await request.json());
  });
});
afterEach(() => sent.mockReset());

const made = { title: "Invitation of ada@acme.test", email: "ada@acme.test", expiresAt: "2126-05-12T12:00:00Z" };

describe("a link that was made", () => {
  it("is shown this one time where no mail took it, and asks before it goes", async () => {
    const close = vi.fn();
    const { user } = draw(<LinkDialog made={{ ...made, link: "https://sync.test/invite#x" }} onClose={close} />);
    expect(screen.getByLabelText("Link")).toHaveValue("https://sync.test/invite#x");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("alert")).toHaveTextContent("cannot be shown again");
    expect(close).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Close without copying" }));
    expect(close).toHaveBeenCalledOnce();
  });

  it("is not shown where mail took it", async () => {
    draw(<LinkDialog made={made} onClose={vi.fn()} />);
    expect(screen.getByText("The link is on its way to ada@acme.test.")).toBeVisible();
    expect(screen.queryByLabelText("Link")).toBeNull();
  });

  it("is shown with what the mail server said where mail failed", () => {
    const failed = { ...made, link: "https://sync.test/invite#x", mailFailure: "550 mailbox is full" };
    draw(<LinkDialog made={failed} onClose={vi.fn()} />);
    expect(screen.getByText("The mail did not leave.", { exact: false })).toBeVisible();
    expect(screen.getByText("550 mailbox is full")).toBeVisible();
    expect(screen.getByLabelText("Link")).toHaveValue("https://sync.test/invite#x");
  });
});

describe("inviting", () => {
  it("gives the least there is unless told otherwise, and says what each role may do", async () => {
    const invitation = { ...made, id: "i", name: "Ada", role: "viewer" };
    sent.mockReturnValue(json(201, { invitation, link: "https://sync.test/invite#x" }));
    const invited = vi.fn();
    const { user } = draw(<InviteDialog isOpen tenant="acme" onClose={vi.fn()} onInvited={invited} />);
    expect(screen.getByText(/Sees and changes everything in this tenant/)).toBeVisible();
    await user.type(screen.getByLabelText("E-mail"), "ada@acme.test");
    await user.type(screen.getByLabelText("Name"), "Ada");
    await user.click(screen.getByRole("button", { name: "Invite" }));
    const body = { email: "ada@acme.test", name: "Ada", role: "viewer" };
    expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/tenants/acme/invitations", body);
    expect(invited.mock.calls[0]?.[0]).toMatchObject({ ...made, link: "https://sync.test/invite#x" });
  });

  it("asks an operator for no role, and puts what is wrong to its field", async () => {
    sent.mockReturnValue(json(400, { code: "invalid", errors: [{ field: "email", message: "is no address" }] }));
    const { user } = draw(<InviteDialog isOpen tenant={undefined} onClose={vi.fn()} onInvited={vi.fn()} />);
    expect(screen.queryByRole("radio")).toBeNull();
    await user.type(screen.getByLabelText("E-mail"), "ada@acme.test");
    await user.type(screen.getByLabelText("Name"), "Ada");
    await user.click(screen.getByRole("button", { name: "Invite" }));
    expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/invitations", { email: "ada@acme.test", name: "Ada" });
    expect(await screen.findByText("is no address")).toBeVisible();
  });
});

it("offers keys that reach no further than who makes them", () => {
  expect(keyRoles("operator")).toEqual(["admin", "developer", "viewer"]);
  expect(keyRoles("admin")).toEqual(["admin", "developer", "viewer"]);
  expect(keyRoles("developer")).toEqual(["developer"]);
  expect(keyRoles("viewer")).toEqual([]);
});
