import { expect, it } from "vitest";
import type { OAuthClient } from "../../api/types";
import { settingsWith } from "./life";

const client = (trust?: OAuthClient["trust"]) => ({ tokenSeconds: 3_600, ...(trust && { trust }) }) as OAuthClient;
const claims = { issuer: "https://issuer.example.com/", subject: "sync", audience: "us" };
const setAt = "2026-05-12T08:00:00Z";

it("leaves whose signatures prove the client as it is", () => {
  expect(settingsWith(client(), 7_200)).toEqual({ tokenSeconds: 7_200 });
  const jwks = { keys: [{ kty: "OKP" }] };
  expect(settingsWith(client({ ...claims, jwks, setAt }), 7_200)).toEqual({
    tokenSeconds: 7_200,
    trust: { ...claims, jwks },
  });
  const jwksUri = "https://issuer.example.com/keys";
  // The keys that the address gave come from there again.
  expect(settingsWith(client({ ...claims, jwksUri, jwks, setAt }), 21_600)).toEqual({
    tokenSeconds: 21_600,
    trust: { ...claims, jwksUri },
  });
});
