import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Connection } from "../../api/types";
import { draw } from "../../test/draw";
import { NewCredentialDialog } from "./NewCredentialDialog";

const connection: Connection = {
  id: "k",
  name: "Entra",
  idp: "entra",
  strict: false,
  state: "open",
  createdAt: "2026-05-12T12:00:00Z",
};
const client = { clientId: "dsc_7Kq2", tokenUrl: "https://sync.test/oauth/acme/token", credential: { name: "Prod" } };
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
  const issued = vi.fn();
  const drawn = draw(
    <NewCredentialDialog
      isOpen
      tenant="acme"
      connections={[connection]}
      credentials={[]}
      onClose={vi.fn()}
      onIssued={issued}
    />,
  );
  return { ...drawn, issued };
}

const choose = (name: RegExp) => screen.getByRole("radio", { name });
const create = () => screen.getByRole("button", { name: "Create credential" });

it("makes a bearer token unless told otherwise", async () => {
  sent.mockReturnValue(json(201, { credential: { name: "Prod" }, token: "dsk_x" }));
  const { user, issued } = open();
  expect(screen.queryByRole("radio", { name: /^Client secret/ })).toBeNull();
  await user.click(create());
  const body = { connectionId: "k", name: "Prod", rights: "scim", lifetimeDays: 365 };
  expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/tenants/acme/credentials", body);
  expect(issued).toHaveBeenCalledExactlyOnceWith({ name: "Prod", token: "dsk_x" });
});

it("makes a client with a secret that ends", async () => {
  sent.mockReturnValue(json(201, { client, clientSecret: "dss_x" }));
  const { user, issued } = open();
  await user.click(choose(/^OAuth client/));
  await user.click(choose(/^90 days/));
  await user.click(create());
  const body = { connectionId: "k", name: "Prod", rights: "scim", secret: true, secretLifetimeDays: 90 };
  expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/tenants/acme/oauth-clients", body);
  expect(issued).toHaveBeenCalledExactlyOnceWith({
    name: "Prod",
    tokenUrl: client.tokenUrl,
    clientId: client.clientId,
    clientSecret: "dss_x",
  });
});

it("sends no key set that is none, and says what it is instead", async () => {
  const { user } = open();
  await user.click(choose(/^OAuth client/));
  await user.click(choose(/^Signed assertions/));
  await user.click(create());
  expect(screen.getByLabelText(/^Address of the keys/)).toHaveAccessibleDescription("Enter the address of the keys.");
  await user.click(choose(/^Pasted here/));
  const field = screen.getByLabelText(/^Key set/);
  await user.click(field);
  await user.paste("ssh-rsa AAAA");
  await user.click(create());
  expect(field).toHaveAccessibleDescription(/This is not JSON/);
  await user.clear(field);
  await user.paste('{"keys":[{"kty":"RSA","d":"x"}]}');
  expect(field).not.toHaveAccessibleDescription(/This is not JSON/);
  await user.click(create());
  expect(field).toHaveAccessibleDescription(/private key/);
  expect(sent).not.toHaveBeenCalled();
});

it("makes a client of signatures, without a secret", async () => {
  sent.mockReturnValue(json(201, { client }));
  const { user, issued } = open();
  await user.click(choose(/^OAuth client/));
  await user.click(choose(/^Signed assertions/));
  await user.type(screen.getByLabelText("Issuer"), "https://issuer.test");
  await user.click(choose(/^Pasted here/));
  await user.click(screen.getByLabelText(/^Key set/));
  await user.paste('{"keys":[{"kty":"RSA"}]}');
  await user.click(create());
  const trust = { issuer: "https://issuer.test", jwks: { keys: [{ kty: "RSA" }] } };
  const body = { connectionId: "k", name: "Prod", rights: "scim", secret: false, trust };
  expect(sent).toHaveBeenCalledExactlyOnceWith("/api/v1/tenants/acme/oauth-clients", body);
  expect(issued.mock.calls[0]?.[0].clientSecret).toBeUndefined();
});

it("puts what the service finds wrong to its field", async () => {
  const errors = [
    { field: "trust.subject", message: "Too long." },
    { field: "trust.jwksUri", message: "Not on the public internet." },
  ];
  sent.mockReturnValue(json(400, { code: "invalid", errors }));
  const { user, issued } = open();
  await user.click(choose(/^OAuth client/));
  await user.click(choose(/^Signed assertions/));
  await user.type(screen.getByLabelText(/^Address of the keys/), "http://localhost/keys");
  await user.click(create());
  expect(await screen.findByText("Too long.")).toBeVisible();
  expect(screen.getByLabelText("Subject")).toBeInvalid();
  expect(screen.getByLabelText(/^Address of the keys/)).toHaveAccessibleDescription("Not on the public internet.");
  expect(issued).not.toHaveBeenCalled();
});
