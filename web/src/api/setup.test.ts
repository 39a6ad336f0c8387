import { afterEach, expect, it, vi } from "vitest";
import { enterSetup } from "./setup";

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

afterEach(() => vi.restoreAllMocks());

/** The calls that entering makes where the code is answered so, and what it comes to. */
async function enter(code: string, opened: Response) {
  const calls: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (given) => {
    const { method, url } = given as Request;
    calls.push(`${method} ${new URL(url).pathname}`);
    return method === "POST" ? opened : json(200, { name: "by cookie" });
  });
  const entered = await enterSetup(code).then(
    ({ name }) => name,
    (error: { code: string }) => error.code,
  );
  return { calls, entered };
}

const [open, get] = ["POST /api/v1/setup/open", "GET /api/v1/setup"];

it("enters by a good code alone", async () => {
  expect(await enter("x", json(200, { name: "by code" }))).toEqual({ calls: [open], entered: "by code" });
});

it("enters by the cookie where the code is used up, also where others in the network guess", async () => {
  for (const [status, code] of [
    [410, "code_unknown"],
    [429, "too_many_attempts"],
  ] as const) {
    expect(await enter("x", json(status, { code }))).toEqual({ calls: [open, get], entered: "by cookie" });
  }
  expect(await enter("", json(500, {}))).toEqual({ calls: [get], entered: "by cookie" });
});

it("says what else went wrong", async () => {
  expect(await enter("x", json(503, { code: "unavailable" }))).toEqual({ calls: [open], entered: "unavailable" });
});
