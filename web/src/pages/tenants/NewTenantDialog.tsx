import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { sessionQuery } from "../../api/session";
import { createTenant } from "../../api/tenants";
import type { Tenant } from "../../api/types";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { useMessages } from "../../messages";
import { Button } from "../../ui/Button";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useAction } from "../../ui/useAction";
import { isSlug, suggestSlug } from "./slug";

type Props = { onClose: () => void; onCreated: (tenant: Tenant) => void };

export function NewTenantDialog({ isOpen, ...props }: Props & { isOpen: boolean }) {
  const { tenants } = useMessages();
  return (
    <Dialog title={tenants.new.title} isOpen={isOpen} onClose={props.onClose}>
      <NewTenantForm {...props} />
    </Dialog>
  );
}

function NewTenantForm({ onClose, onCreated }: Props) {
  const messages = useMessages();
  const texts = messages.tenants.new;
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string>();
  const slug = chosen ?? suggestSlug(name);
  const action = useAction(createTenant);
  const failure = action.error === undefined ? undefined : failureOf(action.error);
  const { title, fields } = failureText(messages, action.error);
  const ofSlug = failure?.code === "slug_taken" || failure?.code === "slug_held";
  const slugError = slug !== "" && !isSlug(slug) ? texts.slugWrong : ofSlug ? title : fields.slug;
  const submit = async () => {
    const tenant = await action.run({ name: name.trim(), ...(slug === "" ? {} : { slug }) });
    if (!tenant) return;
    await Promise.all([
      queries.invalidateQueries({ queryKey: ["tenants"] }),
      queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ]);
    onCreated(tenant);
  };
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "" && (slug === "" || isSlug(slug))) void submit();
      }}
    >
      {failure && !ofSlug && <FailureBox error={failure} />}
      <Field
        label={texts.name}
        name="tenant-name"
        autoComplete="off"
        value={name}
        onChange={setName}
        error={fields.name}
        isRequired
        autoFocus
        maxLength={200}
      />
      <Field
        label={texts.slug}
        name="tenant-slug"
        autoComplete="off"
        value={slug}
        onChange={(next) => {
          action.clear();
          setChosen(next.trim().toLowerCase());
        }}
        description={texts.slugHint(`${window.location.origin}/scim/${slug || "…"}/v2`)}
        error={slugError}
        mono
      />
      <DialogActions>
        <Button onPress={onClose}>{messages.confirm.cancel}</Button>
        <Button type="submit" variant="primary" isPending={action.pending}>
          {texts.action}
        </Button>
      </DialogActions>
    </Form>
  );
}
