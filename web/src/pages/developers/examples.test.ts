import { expect, it } from "vitest";
import { apiUrlOf } from "../../api/address";
import { exampleLanguages, examples } from "./examples";

it("finds the API beside the SCIM door, below a path too", () => {
  expect(apiUrlOf("https://sync.test/scim/acme/v2")).toBe("https://sync.test/api/v1");
  expect(apiUrlOf("https://acme.test/sync/scim/acme/v2")).toBe("https://acme.test/sync/api/v1");
});

it.each(exampleLanguages)("has the address in the example in %s, and no key", (language) => {
  const url = "https://sync.test/api/v1/tenants/acme/users";
  expect(examples[language](url)).toContain(url);
  expect(examples[language](url)).toContain("DIRECTORY_SYNC_KEY");
  expect(examples[language](url)).not.toContain("dsa_");
});
