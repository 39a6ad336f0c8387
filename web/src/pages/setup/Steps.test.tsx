import { screen } from "@testing-library/react";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { setupEn } from "../../messages/setup.en";
import { draw } from "../../test/draw";
import type { ClientAct, GivenClient } from "./Client";
import { Steps, type Way } from "./Steps";

const given: GivenClient = {
  tokenUrl: "https://sync.test/oauth/acme/token",
  clientId: "dsc_abcdefghijkl",
  clientSecret: "dss_x",
};
const idle = { run: vi.fn(async () => undefined), pending: false, error: undefined, clear: vi.fn() };
const token = { token: undefined, action: idle, live: [] };

function Walk({ client, onlyOne = false }: { client: ClientAct; onlyOne?: boolean }) {
  const [way, setWay] = useState<Way>("token");
  return (
    <Steps
      texts={setupEn}
      guide={setupEn.guides.entra}
      scimUrl="https://sync.test/scim/acme/v2"
      checks={[]}
      step={2}
      onStep={vi.fn()}
      token={token}
      client={client}
      onlyOne={onlyOne}
      way={way}
      onWay={setWay}
    />
  );
}

it("offers an OAuth client in place of the token, in the provider's own words", async () => {
  const run = vi.fn(async () => undefined);
  const { user } = draw(<Walk client={{ given: undefined, action: { ...idle, run }, live: [] }} />);
  expect(screen.getByRole("button", { name: "Issue a token" })).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "OAuth client" }));
  expect(screen.queryByText("Secret Token")).not.toBeInTheDocument();
  expect(screen.getByLabelText("Tenant URL")).toHaveValue("https://sync.test/scim/acme/v2");
  expect(screen.getByText("Token Endpoint, Client Identifier, Client Secret, Scope")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Make an OAuth client" }));
  expect(run).toHaveBeenCalledOnce();
});

it("shows what was made, each in the field that takes it", async () => {
  const { user } = draw(<Walk client={{ given, action: idle, live: [given.clientId] }} />);
  await user.click(screen.getByRole("radio", { name: "OAuth client" }));
  expect(screen.getByLabelText("Token Endpoint")).toHaveValue(given.tokenUrl);
  expect(screen.getByLabelText("Client Identifier")).toHaveValue(given.clientId);
  expect(screen.getByLabelText("Client Secret")).toHaveValue(given.clientSecret);
  expect(screen.getByLabelText("Scope")).toHaveValue("scim");
  expect(screen.getByText(/The secret is shown this one time/)).toBeVisible();
});

it("issues another secret of the client that there is", async () => {
  const { user } = draw(<Walk client={{ given: undefined, action: idle, live: [given.clientId] }} />);
  await user.click(screen.getByRole("radio", { name: "OAuth client" }));
  expect(screen.getByText(/OAuth clients of this connection that work now: dsc_abcdefghijkl/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Issue another secret" })).toBeVisible();
});

it("says to a link's holder that what they issue takes the place of what they issued before", async () => {
  const none = draw(<Walk client={{ given: undefined, action: idle, live: [] }} onlyOne />);
  expect(screen.queryByText(/ends when something new is issued/)).not.toBeInTheDocument();
  none.unmount();
  const { user } = draw(<Walk client={{ given: undefined, action: idle, live: [given.clientId] }} onlyOne />);
  expect(screen.getByText(/ends when something new is issued/)).toBeVisible();
  await user.click(screen.getByRole("radio", { name: "OAuth client" }));
  expect(screen.getByRole("button", { name: "Make a new OAuth client" })).toBeVisible();
  expect(screen.queryByText(/leaves those before good/)).not.toBeInTheDocument();
});
