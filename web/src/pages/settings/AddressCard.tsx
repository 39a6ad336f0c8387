import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { failureOf } from "../../api/failure";
import { dropOldSlug, oldSlugsQuery } from "../../api/tenants";
import type { OldSlug, Tenant } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { FailureBox } from "../../components/FailureBox";
import { failureText } from "../../components/failureText";
import { Loaded } from "../../components/Loaded";
import { useSettingsMessages } from "../../messages/settings";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Time } from "../../ui/Time";
import { useAction } from "../../ui/useAction";
import { isSlug } from "../tenants/slug";
import "./settings.css";

/** Refusals that are about the field, and stand there. */
const ofField = ["slug_taken", "slug_held", "invalid"];

/** The tenant's short name, and the earlier ones by which IdPs still come. */
export function AddressCard({
  tenant,
  slug,
  onChange,
}: {
  tenant: Tenant;
  slug: string;
  onChange: (slug: string) => Promise<void>;
}) {
  const messages = useSettingsMessages();
  const { settings: texts, tenants } = messages;
  const [chosen, setChosen] = useState(tenant.slug);
  const action = useAction(() => onChange(chosen));
  const failure = action.error === undefined ? undefined : failureOf(action.error);
  const { title, fields } = failureText(messages, action.error);
  const atField = failure !== undefined && ofField.includes(failure.code);
  const changed = chosen !== tenant.slug && isSlug(chosen);
  const wrong = chosen !== "" && !isSlug(chosen) ? tenants.new.slugWrong : undefined;
  return (
    <section className="card measured" aria-labelledby="address">
      <div className="card-head">
        <h2 id="address">{texts.address}</h2>
      </div>
      <div className="card-pad stack">
        <Form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (changed) void action.run();
          }}
        >
          {failure && !atField && <FailureBox error={failure} />}
          <Field
            label={texts.slug}
            value={chosen}
            onChange={(next) => {
              action.clear();
              setChosen(next.trim().toLowerCase());
            }}
            description={texts.slugHint(tenant.scimUrl.replace(`/scim/${tenant.slug}/`, `/scim/${chosen || "…"}/`))}
            error={wrong ?? (atField ? (fields.slug ?? title) : undefined)}
            autoComplete="off"
            isRequired
            mono
          />
          <div>
            <Button type="submit" variant="primary" isDisabled={!changed} isPending={action.pending}>
              {texts.changeSlug}
            </Button>
          </div>
        </Form>
        <OldSlugs slug={slug} name={tenant.name} />
      </div>
    </section>
  );
}

function OldSlugs({ slug, name }: { slug: string; name: string }) {
  const { settings: texts } = useSettingsMessages();
  const query = useQuery(oldSlugsQuery(slug));
  const [dropping, setDropping] = useState<OldSlug>();
  return (
    <Loaded query={query}>
      {(slugs) =>
        slugs.length > 0 && (
          <div>
            <h3 id="old-slugs">{texts.oldSlugs}</h3>
            <p className="small quiet">{texts.oldSlugsHint}</p>
            <ul className="old-slugs" aria-labelledby="old-slugs">
              {slugs.map((old) => (
                <li key={old.slug} className="old-slug">
                  <div>
                    <code>{old.slug}</code>
                    <p className="small quiet">
                      <LastUse old={old} />
                    </p>
                  </div>
                  <Button onPress={() => setDropping(old)} aria-label={texts.dropSlugOf(old.slug)}>
                    {texts.dropSlug}
                  </Button>
                </li>
              ))}
            </ul>
            <ConfirmDialog
              title={texts.dropping(dropping?.slug ?? "")}
              isOpen={dropping !== undefined}
              action={texts.dropSlugNow}
              typed={dropping?.lastUsedAt === undefined ? undefined : dropping.slug}
              onConfirm={async () => {
                if (dropping) await dropOldSlug(slug, dropping.slug);
                void query.refetch();
              }}
              onClose={() => setDropping(undefined)}
            >
              <p>{texts.droppingEffect(name)}</p>
              {dropping && (
                <p>
                  <LastUse old={dropping} />
                </p>
              )}
            </ConfirmDialog>
          </div>
        )
      }
    </Loaded>
  );
}

function LastUse({ old }: { old: OldSlug }) {
  const { settings: texts } = useSettingsMessages();
  return (
    <>
      {texts.replaced} <Time at={old.since} />.{" "}
      {old.lastUsedAt === undefined ? (
        texts.slugUnused
      ) : (
        <>
          {texts.slugUsed} <Time at={old.lastUsedAt} />.
        </>
      )}
    </>
  );
}
