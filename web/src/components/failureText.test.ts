import { describe, expect, it } from "vitest";
import { Failure, failureOf } from "../api/failure";
import { en } from "../messages/en";
import { failureText } from "./failureText";

const refused = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  Failure.of(new Response(null, { status, headers }), body);

describe("a failed call in words", () => {
  it("says the same for an unknown person and a wrong password", () => {
    const text = failureText(en, refused(401, { code: "sign_in_failed", detail: "no such admin" }));
    expect(text.title).toBe("This e-mail and password do not belong together.");
    expect(text.detail).toBeUndefined();
  });

  it("says when trying again makes sense", () => {
    const failure = refused(429, { code: "too_many_attempts" }, { "retry-after": "30" });
    expect(failureText(en, failure).title).toBe("Too many attempts. Try again in 30 s.");
  });

  it("gives the fields of a form their messages", () => {
    const failure = refused(400, { code: "invalid", errors: [{ field: "email", message: "Not an address." }, "junk"] });
    expect(failureText(en, failure).fields).toEqual({ email: "Not an address." });
  });

  it("never shows the service's inner words for its own fault, but the request id", () => {
    const text = failureText(en, refused(500, { code: "internal", detail: "SELECT failed", requestId: "01JD" }));
    expect(text).toMatchObject({ title: "The service failed. Nothing was half done.", requestId: "01JD" });
    expect(text.detail).toBeUndefined();
  });

  it("falls back to the service's words for a code it does not know", () => {
    const text = failureText(en, refused(409, { code: "brand_new", detail: "The moon is full." }));
    expect(text).toMatchObject({ title: "The service refused this.", detail: "The moon is full." });
  });

  it.each([[null], ["<html>bad gateway</html>"], [{ code: 7, errors: "none" }]])(
    "survives %j in the place of a problem document",
    (body) => {
      expect(failureText(en, refused(502, body, { "x-request-id": "01PX" }))).toMatchObject({
        title: "The service failed. Nothing was half done.",
        requestId: "01PX",
        fields: {},
      });
    },
  );

  it("takes a code that is a name of every object as unknown", () => {
    expect(failureText(en, refused(400, { code: "constructor" })).title).toBe("The service refused this.");
  });

  it("tells a silent service from an unreadable answer", () => {
    expect(failureText(en, new Failure({ status: 0, code: "unreachable" })).title).toMatch(/does not answer/);
    expect(failureText(en, new SyntaxError("bad JSON")).title).toMatch(/could not be read/);
  });
});

describe("a failure", () => {
  it("hides whether a page is missing or out of reach", () => {
    expect(refused(404, { code: "not_found" }).hidden).toBe(true);
    expect(refused(403, { code: "forbidden" }).hidden).toBe(true);
    expect(refused(403, { code: "missing_header" }).hidden).toBe(false);
  });

  it("means a lost session only when signing in was not the call", () => {
    expect(refused(401, { code: "not_signed_in" }).signedOut).toBe(true);
    expect(refused(401, { code: "sign_in_failed" }).signedOut).toBe(false);
  });

  it("stays itself", () => {
    const failure = new Failure({ status: 409, code: "slug_taken" });
    expect(failureOf(failure)).toBe(failure);
  });
});
