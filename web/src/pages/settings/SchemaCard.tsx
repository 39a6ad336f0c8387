import { useQuery } from "@tanstack/react-query";
import { schemasQuery } from "../../api/schemas";
import { Loaded } from "../../components/Loaded";
import { useSettingsMessages } from "../../messages/settings";
import { routes } from "../../routes";
import { Chip } from "../../ui/Chip";
import { Link } from "../../ui/Link";
import "./settings.css";

/** The schemas that the tenant registered itself, each with its attributes. */
export function SchemaCard({ slug }: { slug: string }) {
  const { settings: texts } = useSettingsMessages();
  const query = useQuery(schemasQuery(slug));
  return (
    <section className="card measured" aria-labelledby="schemas">
      <div className="card-head">
        <h2 id="schemas">{texts.schemas}</h2>
        <Link href={routes.reference()}>{texts.toReference}</Link>
      </div>
      <div className="card-pad stack">
        <Loaded query={query}>
          {(schemas) =>
            schemas.length === 0 ? (
              <p className="quiet">{texts.noSchemas}</p>
            ) : (
              <ul className="schemas">
                {schemas.map((schema) => (
                  <li key={schema.id}>
                    <div className="schema-head">
                      <strong>{schema.name}</strong>
                      <span className="quiet small">{texts.extends[schema.resourceType]}</span>
                      {schema.state === "preparing" && <Chip tone="info">{texts.preparing}</Chip>}
                      {schema.misfits > 0 && <Chip tone="warn">{texts.misfits(schema.misfits)}</Chip>}
                    </div>
                    <code className="schema-urn">{schema.urn}</code>
                    <p className="small">{schema.attributes.map((attribute) => attribute.name).join(", ")}</p>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </section>
  );
}
