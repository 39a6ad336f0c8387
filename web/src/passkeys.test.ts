import { describe, expect, it } from "vitest";
import { bytesOf, textOf } from "./passkeys";

describe("bytes as the service writes them", () => {
  it.each([[[]], [[0]], [[251, 255, 254]], [[1, 2, 3, 4, 5]]])("%s survive writing and reading", (given) => {
    const bytes = Uint8Array.from(given);
    const text = textOf(bytes.buffer);
    expect(text).toMatch(/^[\w-]*$/);
    expect([...bytesOf(text)]).toEqual(given);
  });

  it("are base64url without padding", () => {
    expect(textOf(Uint8Array.from([251, 255]).buffer)).toBe("-_8");
  });
});
