import { useState } from "react";
import { apiUrlOf } from "../../api/address";
import type { Tenant } from "../../api/types";
import { usePeopleMessages } from "../../messages/people";
import { routes } from "../../routes";
import { Segments } from "../../ui/Choice";
import { CodeView } from "../../ui/CodeView";
import { CopyField } from "../../ui/Copy";
import { Link } from "../../ui/Link";
import { type ExampleLanguage, exampleLanguages, examples } from "./examples";

/** What a program does with its key, ready to be copied, with this tenant in it. */
export function Examples({ tenant }: { tenant: Tenant }) {
  const { keys: texts } = usePeopleMessages();
  const [language, setLanguage] = useState<ExampleLanguage>("curl");
  const api = apiUrlOf(tenant.scimUrl);
  const code = examples[language](`${api}/tenants/${tenant.slug}/users`);
  return (
    <section className="card measured" aria-labelledby="examples">
      <div className="card-head">
        <h2 id="examples">{texts.examples}</h2>
      </div>
      <div className="card-pad stack">
        <p className="small muted">{texts.examplesLead}</p>
        <Segments<ExampleLanguage>
          label={texts.language}
          hideLabel
          value={language}
          choices={exampleLanguages.map((value) => ({ value, label: texts.languages[value] }))}
          onChange={setLanguage}
        />
        <CodeView text={code} label={`${texts.code}: ${texts.languages[language]}`} />
        <CopyField label={texts.apiUrl} value={api} />
        <p>
          <Link href={routes.reference()}>{texts.reference}</Link>
          <span className="small quiet block">{texts.referenceLead}</span>
        </p>
      </div>
    </section>
  );
}
