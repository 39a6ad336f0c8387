import { useState } from "react";
import { apiUrlOf } from "../../api/address";
import { may } from "../../api/rights";
import type { Tenant } from "../../api/types";
import { usePeopleMessages } from "../../messages/people";
import { routes } from "../../routes";
import { Segments } from "../../ui/Choice";
import { CodeView } from "../../ui/CodeView";
import { CopyField } from "../../ui/Copy";
import { Link } from "../../ui/Link";
import { Select } from "../../ui/Select";
import { type ExampleLanguage, type ExampleTopic, exampleLanguages, examples, exampleTopics } from "./examples";

/** What a program does with its key, ready to be copied, with this tenant in it. */
export function Examples({ tenant, slug }: { tenant: Tenant; slug: string }) {
  const { keys: texts } = usePeopleMessages();
  const [topic, setTopic] = useState<ExampleTopic>("people");
  const [language, setLanguage] = useState<ExampleLanguage>("curl");
  const api = apiUrlOf(tenant.scimUrl);
  const code = examples[topic][language](`${api}/tenants/${tenant.slug}`);
  return (
    <section className="card measured" aria-labelledby="examples">
      <div className="card-head">
        <h2 id="examples">{texts.examples}</h2>
      </div>
      <div className="card-pad stack">
        <Select
          label={texts.topic}
          value={topic}
          options={exampleTopics.map((value) => ({ value, label: texts.topics[value] }))}
          onChange={(value) => setTopic(exampleTopics.find((known) => known === value) ?? "people")}
        />
        <p className="small muted">{texts.topicLeads[topic]}</p>
        <Segments<ExampleLanguage>
          label={texts.language}
          hideLabel
          value={language}
          choices={exampleLanguages.map((value) => ({ value, label: texts.languages[value] }))}
          onChange={setLanguage}
        />
        <CodeView text={code} label={`${texts.code}: ${texts.languages[language]}`} />
        <CopyField label={texts.apiUrl} value={api} />
        {tenant.rights.includes(may.manageWebhooks) && (
          <p>
            <Link href={routes.webhooks(slug)}>{texts.webhooks}</Link>
            <span className="small quiet block">{texts.webhooksLead}</span>
          </p>
        )}
        {tenant.rights.includes(may.followChanges) && (
          <p>
            <Link href={routes.changes(slug)}>{texts.changes}</Link>
            <span className="small quiet block">{texts.changesLead}</span>
          </p>
        )}
        <p>
          <Link href={routes.reference()}>{texts.reference}</Link>
          <span className="small quiet block">{texts.referenceLead}</span>
        </p>
      </div>
    </section>
  );
}
