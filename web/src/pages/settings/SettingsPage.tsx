/** What is set for one tenant: its name and address, the schemas of its own, how much it may send, whether it is served, and its end. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { changeTenant } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { TenantPage } from "../../components/TenantPage";
import { useSession } from "../../components/useSession";
import { SettingsMessages, useSettingsMessages } from "../../messages/settings";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { CopyButton } from "../../ui/Copy";
import { Field } from "../../ui/Field";
import { PageHeader } from "../../ui/PageHeader";
import { Fact, Facts } from "../../ui/Stat";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { TenantPeopleCard } from "../people/TenantPeopleCard";
import { AddressCard } from "./AddressCard";
import { CeilingCard } from "./CeilingCard";
import { DangerZone } from "./DangerZone";
import { LogCard } from "./LogCard";
import { SchemaCard } from "./SchemaCard";
import { TargetCard } from "./TargetCard";

export function SettingsPage() {
  const { tenant } = useParams({ strict: false });
  const slug = tenant ?? "";
  return (
    <TenantPage slug={slug} right="tenant:rename">
      {(found) => (
        <SettingsMessages.Load>
          <Settings slug={slug} tenant={found} />
        </SettingsMessages.Load>
      )}
    </TenantPage>
  );
}

function Settings({ slug, tenant }: { slug: string; tenant: Tenant }) {
  const { settings: texts } = useSettingsMessages();
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const change = async (body: Parameters<typeof changeTenant>[1]) => {
    const changed = await changeTenant(slug, body);
    queries.setQueryData(["tenant", slug], changed);
    await queries.invalidateQueries({ queryKey: ["tenants"] });
  };
  const rename = async (to: string) => {
    const changed = await changeTenant(slug, { slug: to });
    queries.setQueryData(["tenant", changed.slug], changed);
    await navigate({ href: routes.settings(changed.slug), replace: true });
    await Promise.all(["tenants", "session"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
  };
  return (
    <>
      <PageHeader title={texts.title} trail={[tenant.name]} />
      <General key={tenant.name} tenant={tenant} onSave={(name) => change({ name })} />
      <AddressCard key={tenant.slug} tenant={tenant} slug={slug} onChange={rename} />
      <LogCard key={`${tenant.logBodies} ${tenant.logDays}`} tenant={tenant} onSave={change} />
      <TargetCard
        key={`target ${tenant.acknowledgementTargetSeconds}`}
        tenant={tenant}
        onSave={(acknowledgementTargetSeconds) => change({ acknowledgementTargetSeconds })}
      />
      {tenant.rights.includes("people:manage") && <TenantPeopleCard tenant={tenant} slug={slug} />}
      <SchemaCard slug={slug} />
      <CeilingCard
        tenant={tenant}
        onChange={session.rights.includes("tenants:limit") ? (ceiling) => change({ ceiling }) : undefined}
      />
      {session.rights.includes("tenants:suspend") && (
        <Serving tenant={tenant} onChange={(state) => change({ state })} />
      )}
      {session.rights.includes("tenants:delete") && <DangerZone tenant={tenant} slug={slug} />}
    </>
  );
}

function General({ tenant, onSave }: { tenant: Tenant; onSave: (name: string) => Promise<void> }) {
  const { settings: texts } = useSettingsMessages();
  const [name, setName] = useState(tenant.name);
  const action = useAction(() => onSave(name.trim()));
  const changed = name.trim() !== tenant.name && name.trim() !== "";
  return (
    <section className="card measured" aria-labelledby="general">
      <div className="card-head">
        <h2 id="general">{texts.general}</h2>
      </div>
      <div className="card-pad stack">
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (changed) void action.run();
          }}
        >
          {action.error !== undefined && <FailureBox error={action.error} />}
          <Field label={texts.name} value={name} onChange={setName} autoComplete="off" isRequired maxLength={200} />
          <div>
            <Button type="submit" variant="primary" isDisabled={!changed} isPending={action.pending}>
              {texts.save}
            </Button>
          </div>
        </Form>
        <Facts>
          <Fact label={texts.id}>
            <code>{tenant.id}</code> <CopyButton value={tenant.id} what={texts.id} />
          </Fact>
          <Fact label={texts.created}>
            <Time at={tenant.createdAt} />
          </Fact>
        </Facts>
      </div>
    </section>
  );
}

function Serving({ tenant, onChange }: { tenant: Tenant; onChange: (state: "active" | "suspended") => Promise<void> }) {
  const { settings: texts, tenants, number } = useSettingsMessages();
  const [asking, setAsking] = useState(false);
  const suspended = tenant.state === "suspended";
  const resume = useAction(() => onChange("active"));
  return (
    <section className="card measured" aria-labelledby="serving">
      <div className="card-head">
        <h2 id="serving">{texts.serving}</h2>
        <Chip tone={suspended ? "bad" : "ok"}>{tenants.states[tenant.state]}</Chip>
      </div>
      <div className="card-pad stack">
        <p className="measured">{suspended ? texts.isSuspended : texts.isServed}</p>
        {resume.error !== undefined && <FailureBox error={resume.error} />}
        <div>
          {suspended ? (
            <Button variant="primary" isPending={resume.pending} onPress={() => void resume.run()}>
              {texts.resume}
            </Button>
          ) : (
            <Button variant="danger" onPress={() => setAsking(true)}>
              {texts.suspend}
            </Button>
          )}
        </div>
      </div>
      <ConfirmDialog
        title={texts.suspending(tenant.name)}
        isOpen={asking}
        action={texts.suspend}
        typed={tenant.slug}
        onConfirm={() => onChange("suspended")}
        onClose={() => setAsking(false)}
      >
        <p>{texts.suspendingEffect(number(tenant.people.total), number(tenant.groups))}</p>
      </ConfirmDialog>
    </section>
  );
}
