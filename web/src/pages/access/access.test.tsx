import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { MappedRole, UserAccess } from "../../api/types";
import { draw } from "../../test/draw";
import { RolesOf } from "../users/UserRoles";
import { RoleCard } from "./AccessPage";
import { MapForm } from "./MapForm";
import { Previewed } from "./Preview";
import { RoleForm } from "./RoleForm";
import { isRoleKey } from "./roleKey";
import { UnmapDialog } from "./UnmapDialog";

afterEach(() => vi.unstubAllGlobals());

const editor: MappedRole = {
  key: "editor",
  name: "Editor",
  description: "Writes",
  createdAt: "2026-05-12T08:00:00Z",
  updatedAt: "2026-05-12T08:00:00Z",
  groups: [
    {
      groupId: "g1",
      groupName: "Engineering",
      role: "editor",
      createdAt: "2026-05-12T08:00:00Z",
      createdBy: "ada@acme.test",
    },
  ],
  people: 12,
};

/** Answers by method and path, in the manner of the API. */
function answering(answers: Record<string, unknown>) {
  const calls: { call: string; sent: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const call = `${request.method} ${new URL(request.url).pathname.replace("/api/v1", "")}`;
    const text = await request.text();
    calls.push({ call, sent: text === "" ? undefined : JSON.parse(text) });
    const body = answers[call];
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  });
  return calls;
}

const drawAsking = (element: React.ReactElement) =>
  draw(<QueryClientProvider client={new QueryClient()}>{element}</QueryClientProvider>);

const groups = {
  items: [
    { id: "g1", displayName: "Engineering", members: 12, updatedAt: "2026-05-12T08:00:00Z" },
    { id: "g2", displayName: "Support", members: 3, updatedAt: "2026-05-12T08:00:00Z" },
  ],
};
const ada = { id: "u1", name: "Ada Byron", userName: "ada@acme.test" };

it("a mapping is saved only once it was seen who gains by it", async () => {
  const calls = answering({
    "GET /tenants/acme/groups": groups,
    "POST /tenants/acme/role-mappings/preview": {
      gains: 2,
      loses: 0,
      people: [ada],
      more: true,
    },
  });
  const mapped = vi.fn();
  const { user } = drawAsking(<MapForm slug="acme" roles={[editor]} onMapped={mapped} onClose={vi.fn()} />);
  const save = () => screen.getByRole("button", { name: /^(Map the group|Give it)/ });
  await user.click(await screen.findByRole("radio", { name: /Support/ }));
  expect(await screen.findByText("2 people gain the role")).toBeVisible();
  expect(screen.getByRole("link", { name: "Ada Byron" })).toBeVisible();
  expect(screen.getByText("and others")).toBeVisible();
  expect(calls.some(({ call }) => call.startsWith("PUT"))).toBe(false);
  expect(save()).toHaveTextContent("Give it to 2 people");
  await user.click(save());
  await waitFor(() => expect(mapped).toHaveBeenCalledOnce());
  expect(calls.find(({ call }) => call.startsWith("POST"))?.sent).toEqual({
    groupId: "g2",
    role: "editor",
    remove: false,
  });
});

it("a group that gives the role already is not mapped again", async () => {
  const calls = answering({ "GET /tenants/acme/groups": groups });
  const { user } = drawAsking(<MapForm slug="acme" roles={[editor]} onMapped={vi.fn()} onClose={vi.fn()} />);
  await user.click(await screen.findByRole("radio", { name: /Engineering/ }));
  expect(screen.getByText("This group gives this role already.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Map the group" })).toBeDisabled();
  expect(calls.every(({ call }) => call.startsWith("GET"))).toBe(true);
});

it("a removal says who loses the role before it can be done", async () => {
  const calls = answering({
    "POST /tenants/acme/role-mappings/preview": {
      gains: 0,
      loses: 1,
      people: [ada],
      more: false,
    },
  });
  const unmapped = vi.fn();
  const [mapping] = editor.groups;
  const unmapping = mapping && { role: editor, mapping };
  const { user } = drawAsking(
    <UnmapDialog slug="acme" unmapping={unmapping} onUnmapped={unmapped} onClose={vi.fn()} />,
  );
  expect(await screen.findByText("1 person loses the role")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Remove mapping" }));
  await waitFor(() => expect(unmapped).toHaveBeenCalledOnce());
  expect(calls.map(({ call }) => call)).toEqual([
    "POST /tenants/acme/role-mappings/preview",
    "DELETE /tenants/acme/role-mappings/g1/editor",
  ]);
  expect(calls[0]?.sent).toEqual({ groupId: "g1", role: "editor", remove: true });
});

it("a preview that moves nobody says so", () => {
  draw(<Previewed slug="acme" preview={{ gains: 0, loses: 0, people: [], more: false }} />);
  expect(screen.getByText("Nobody gains or loses the role.")).toBeVisible();
});

it("a role shows its groups and people, and no way to remove for who may only look", () => {
  const { unmount } = draw(<RoleCard slug="acme" role={editor} onRemove={undefined} />);
  expect(screen.getByRole("link", { name: "Engineering" })).toHaveAttribute("href", "/t/acme/groups/g1");
  expect(screen.getByText("12 people have it")).toBeVisible();
  expect(screen.queryByRole("button")).toBeNull();
  unmount();
  draw(<RoleCard slug="acme" role={editor} onRemove={vi.fn()} />);
  expect(screen.getByRole("button", { name: "Remove “Engineering” from “Editor”" })).toBeVisible();
});

it("a key is what programs can say", () => {
  for (const key of ["editor", "crm:admin", "a_b.c-1", "x".repeat(64)]) expect(isRoleKey(key), key).toBe(true);
  for (const key of ["", "Editor", "a b", "ä", "x".repeat(65)]) expect(isRoleKey(key), key).toBe(false);
});

it("a role that is there keeps its key", async () => {
  const calls = answering({ "PATCH /roles/editor": editor });
  const saved = vi.fn();
  const { user } = drawAsking(<RoleForm role={editor} onSaved={saved} onClose={vi.fn()} />);
  expect(screen.queryByLabelText("Key")).toBeNull();
  await user.clear(screen.getByLabelText("Name"));
  await user.type(screen.getByLabelText("Name"), "Author");
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(saved).toHaveBeenCalledOnce());
  expect(calls).toEqual([{ call: "PATCH /roles/editor", sent: { name: "Author", description: "Writes" } }]);
});

const access = (more: Partial<UserAccess> = {}): UserAccess => ({
  userId: "u1",
  userName: "ada@acme.test",
  active: true,
  seq: 9,
  groups: [{ id: "g1", displayName: "Engineering", direct: true }],
  roles: [{ key: "editor", name: "Editor", through: ["g1"] }],
  ...more,
});

it("a person's role names the group it comes through", () => {
  draw(<RolesOf slug="acme" access={access()} />);
  expect(screen.getByRole("row", { name: /Editor editor Engineering/ })).toBeVisible();
  expect(screen.getByRole("link", { name: "Engineering" })).toHaveAttribute("href", "/t/acme/groups/g1");
});

it("whoever is inactive has none, and that is said", () => {
  draw(<RolesOf slug="acme" access={access({ active: false, roles: [] })} />);
  expect(screen.getByText(/whoever is inactive has none/)).toBeVisible();
});
