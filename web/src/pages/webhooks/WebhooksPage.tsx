import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { may } from "../../api/rights";
import type { Tenant, Webhook } from "../../api/types";
import { createWebhook, webhooksQuery } from "../../api/webhooks";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { useWebhookMessages, WebhookMessages } from "../../messages/webhooks";
import { routes } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Dialog } from "../../ui/Dialog";
import { EmptyState } from "../../ui/Feedback";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import "../../ui/Table.css";
import { emptyDraft, filterOf, type WebhookDraft } from "./draft";
import { type FreshSecret, SecretOnce } from "./SecretOnce";
import { standingOf, standingTones } from "./standing";
import { WebhookForm } from "./WebhookForm";

export function WebhooksPage() {
  const { tenant = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right={may.manageWebhooks}>
      {(data) => (
        <WebhookMessages.Load>
          <Webhooks tenant={data} slug={tenant} />
        </WebhookMessages.Load>
      )}
    </TenantPage>
  );
}

/** A webhook that was just made, whose page is opened once its secret is stored. */
type Made = FreshSecret & { id: string };

function Webhooks({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { webhooks: texts } = useWebhookMessages();
  const query = useQuery(webhooksQuery(slug));
  const navigate = useNavigate();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Made>();
  const create = async (draft: WebhookDraft) => {
    const { types, resourceType } = filterOf(draft);
    const { webhook, secret } = await createWebhook(slug, {
      name: draft.name.trim(),
      url: draft.url.trim(),
      types,
      ...(resourceType === "any" ? {} : { resourceType }),
    });
    setCreating(false);
    setMade({ id: webhook.id, name: webhook.name, secret });
    void query.refetch();
  };
  const button = (
    <Button variant="primary" icon={Plus} onPress={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={texts.title}
        trail={[tenant.name]}
        lead={<p>{texts.lead}</p>}
        actions={query.data !== undefined && query.data.length > 0 && button}
      />
      <Loaded
        query={query}
        skeleton={
          <div className="card">
            <Skeleton lines={4} />
          </div>
        }
      >
        {(webhooks) =>
          webhooks.length === 0 ? (
            <div className="card">
              <EmptyState icon={WebhookIcon} title={texts.emptyTitle} actions={button}>
                <p>{texts.empty}</p>
                <Link href={routes.developers(slug)}>{texts.more}</Link>
              </EmptyState>
            </div>
          ) : (
            <WebhookTable slug={slug} webhooks={webhooks} />
          )
        }
      </Loaded>
      <Dialog title={texts.form.createTitle} isOpen={creating} onClose={() => setCreating(false)}>
        <WebhookForm
          before={emptyDraft}
          hint={texts.form.begins}
          action={texts.form.create}
          onSave={create}
          onClose={() => setCreating(false)}
        />
      </Dialog>
      <SecretOnce
        fresh={made}
        onClose={() => {
          setMade(undefined);
          if (made) void navigate({ href: routes.webhook(slug, made.id) });
        }}
      />
    </>
  );
}

export function WebhookTable({ slug, webhooks }: { slug: string; webhooks: Webhook[] }) {
  const { webhooks: texts, number } = useWebhookMessages();
  return (
    <div className="table-frame">
      <table className="table" aria-label={texts.title}>
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.state}</th>
            <th scope="col" className="number from-narrow">
              {texts.waiting}
            </th>
          </tr>
        </thead>
        <tbody>
          {webhooks.map((webhook) => {
            const standing = standingOf(webhook);
            return (
              <tr key={webhook.id}>
                <th scope="row">
                  <Link href={routes.webhook(slug, webhook.id)}>{webhook.name}</Link>
                  <span className="quiet small block">
                    <code>{webhook.url}</code>
                  </span>
                </th>
                <td>
                  <Chip tone={standingTones[standing]}>{texts.states[standing]}</Chip>
                </td>
                <td className="number from-narrow">
                  {webhook.waiting === 0 ? <span className="quiet">{texts.none}</span> : number(webhook.waiting)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
