/** One webhook: how it stands, what can be done to it, and what was sent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { KeyRound, Pause, Pencil, Play, RotateCcw, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { may } from "../../api/rights";
import type { Delivery, Tenant, Webhook } from "../../api/types";
import { changeWebhook, deleteWebhook, testWebhook, webhookQuery } from "../../api/webhooks";
import { BackLink } from "../../components/BackLink";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { Loaded } from "../../components/Loaded";
import { TenantPage } from "../../components/TenantPage";
import { useSearchState } from "../../components/useSearchState";
import { useWebhookMessages, WebhookMessages } from "../../messages/webhooks";
import { routes, searches } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip, Notice } from "../../ui/Chip";
import { Dialog } from "../../ui/Dialog";
import { MenuButton } from "../../ui/MenuButton";
import { PageHeader } from "../../ui/PageHeader";
import { useAction } from "../../ui/useAction";
import { Deliveries } from "./Deliveries";
import { changeOf, draftOf } from "./draft";
import { ReplayDialog } from "./ReplayDialog";
import { RotateDialog } from "./RotateDialog";
import { type FreshSecret, SecretOnce } from "./SecretOnce";
import { outcomeTones, standingOf, standingTones } from "./standing";
import { Trouble, WebhookFacts } from "./WebhookFacts";
import { WebhookForm } from "./WebhookForm";

export function WebhookPage() {
  const { tenant = "", webhook = "" } = useParams({ strict: false });
  return (
    <TenantPage slug={tenant} right={may.manageWebhooks}>
      {(data) => (
        <WebhookMessages.Load>
          <LoadedWebhook key={webhook} tenant={data} slug={tenant} id={webhook} />
        </WebhookMessages.Load>
      )}
    </TenantPage>
  );
}

function LoadedWebhook({ tenant, slug, id }: { tenant: Tenant; slug: string; id: string }) {
  const query = useQuery(webhookQuery(slug, id));
  return (
    <Loaded query={query} missing heads>
      {(webhook) => <Found tenant={tenant} slug={slug} webhook={webhook} />}
    </Loaded>
  );
}

type Open = "edit" | "rotate" | "replay" | "delete";

function Found({ tenant, slug, webhook }: { tenant: Tenant; slug: string; webhook: Webhook }) {
  const { webhook: texts, webhooks: words } = useWebhookMessages();
  const { id, name } = webhook;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [, openDelivery] = useSearchState(searches.webhook);
  const [open, setOpen] = useState<Open>();
  const [after, setAfter] = useState<number>();
  const [fresh, setFresh] = useState<FreshSecret>();
  const close = () => setOpen(undefined);
  const changed = (now?: Webhook) => {
    if (now) queries.setQueryData(webhookQuery(slug, id).queryKey, now);
    void queries.invalidateQueries({ queryKey: ["webhooks", slug] });
    void queries.invalidateQueries({ queryKey: ["deliveries", slug, id] });
  };
  const paused = webhook.state !== "active";
  const toggle = useAction(async () => changed(await changeWebhook(slug, id, { state: paused ? "active" : "paused" })));
  const test = useAction(async () => {
    const delivery = await testWebhook(slug, id);
    changed();
    return delivery;
  });
  const [tested, setTested] = useState<Delivery>();
  const standing = standingOf(webhook);
  return (
    <>
      <PageHeader
        title={name}
        trail={[texts.screen, tenant.name]}
        before={<BackLink href={routes.webhooks(slug)}>{texts.back}</BackLink>}
        lead={<Chip tone={standingTones[standing]}>{words.states[standing]}</Chip>}
        actions={
          <>
            <Button icon={Send} isPending={test.pending} onPress={() => void test.run().then(setTested)}>
              {texts.test}
            </Button>
            <Button icon={paused ? Play : Pause} isPending={toggle.pending} onPress={() => void toggle.run()}>
              {paused ? texts.resume : texts.pause}
            </Button>
            <MenuButton
              label={texts.actions}
              entries={[
                { id: "edit", label: texts.edit, icon: Pencil, onAction: () => setOpen("edit") },
                { id: "rotate", label: texts.rotate, icon: KeyRound, onAction: () => setOpen("rotate") },
                {
                  id: "replay",
                  label: texts.replay,
                  icon: RotateCcw,
                  onAction: () => {
                    setAfter(undefined);
                    setOpen("replay");
                  },
                },
                { id: "delete", label: texts.remove, icon: Trash2, danger: true, onAction: () => setOpen("delete") },
              ]}
            />
          </>
        }
      />
      {test.error !== undefined && <FailureBox error={test.error} />}
      {toggle.error !== undefined && <FailureBox error={toggle.error} />}
      <div role="status">
        {tested && (
          <Notice
            tone={outcomeTones[tested.outcome]}
            actions={<Button onPress={() => openDelivery({ sel: tested.id })}>{texts.tested.see}</Button>}
          >
            {tested.outcome === "delivered"
              ? texts.tested.delivered(tested.status, tested.millis)
              : texts.tested.other(tested.reason ?? String(tested.status ?? tested.outcome))}
          </Notice>
        )}
      </div>
      <Trouble webhook={webhook} />
      <WebhookFacts webhook={webhook} />
      <Deliveries
        slug={slug}
        webhook={webhook}
        onReplay={(from) => {
          setAfter(from);
          setOpen("replay");
        }}
        onSent={changed}
      />
      <Dialog title={words.form.editTitle(name)} isOpen={open === "edit"} onClose={close}>
        <WebhookForm
          before={draftOf(webhook)}
          action={words.form.edit}
          onSave={async (draft) => {
            changed(await changeWebhook(slug, id, changeOf(webhook, draft)));
            close();
          }}
          onClose={close}
        />
      </Dialog>
      <RotateDialog
        slug={slug}
        webhook={webhook}
        isOpen={open === "rotate"}
        onRotated={(now, secret) => {
          changed(now);
          close();
          setFresh({ name, secret });
        }}
        onClose={close}
      />
      <SecretOnce fresh={fresh} onClose={() => setFresh(undefined)} />
      <ReplayDialog
        slug={slug}
        webhook={webhook}
        after={after}
        isOpen={open === "replay"}
        onReplayed={changed}
        onClose={close}
      />
      <ConfirmDialog
        title={texts.deleting.title(name)}
        isOpen={open === "delete"}
        action={texts.deleting.action}
        typed={name}
        onConfirm={async () => {
          await deleteWebhook(slug, id);
          await navigate({ href: routes.webhooks(slug) });
          queries.removeQueries({ queryKey: ["webhook", slug, id] });
          void queries.invalidateQueries({ queryKey: ["webhooks", slug] });
        }}
        onClose={close}
      >
        <p>{texts.deleting.effect}</p>
        {webhook.waiting > 0 && <p>{texts.deleting.waiting(webhook.waiting)}</p>}
      </ConfirmDialog>
    </>
  );
}
