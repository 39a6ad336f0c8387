import { useQuery } from "@tanstack/react-query";
import { latestChangesQuery } from "../api/directory";
import { requestsAboutQuery } from "../api/log";
import type { Tenant } from "../api/types";
import { useMessages } from "../messages";
import { routes } from "../routes";
import { Link } from "../ui/Link";
import { ChangeList } from "./ChangeList";
import { Loaded } from "./Loaded";
import { RequestList } from "./RequestList";

const LATEST = 50;

type Subject = { slug: string; id: string; about: "user" | "group" };

/** What happened to one person or group: its changes, and its requests where the reader may see the log. */
export function History({ tenant, ...subject }: Subject & { tenant: Tenant }) {
  const { user: texts } = useMessages();
  return (
    <div className="stack">
      {tenant.rights.includes("changes:read") && (
        <section className="card" aria-labelledby="changes">
          <div className="card-head">
            <h2 id="changes">{texts.changes}</h2>
          </div>
          <Changes {...subject} />
        </section>
      )}
      {tenant.rights.includes("log:read") && (
        <section className="card" aria-labelledby="requests">
          <div className="card-head">
            <h2 id="requests">{texts.requests}</h2>
            <Link href={routes.log(subject.slug, { resource: subject.id })}>{texts.inLog}</Link>
          </div>
          <Requests {...subject} />
        </section>
      )}
    </div>
  );
}

function Changes({ slug, id, about }: Subject) {
  const texts = useMessages()[about];
  const query = useQuery(latestChangesQuery(slug, { limit: LATEST, resource: id }));
  return (
    <Loaded query={query}>
      {(changes) =>
        changes.length === 0 ? (
          <p className="card-pad muted">{texts.noChange}</p>
        ) : (
          <ChangeList tenant={slug} changes={changes} />
        )
      }
    </Loaded>
  );
}

function Requests({ slug, id, about }: Subject) {
  const texts = useMessages()[about];
  const query = useQuery(requestsAboutQuery(slug, id, LATEST));
  return (
    <Loaded query={query}>
      {(events) =>
        events.length === 0 ? (
          <p className="card-pad muted">{texts.noRequest}</p>
        ) : (
          <RequestList tenant={slug} events={events} />
        )
      }
    </Loaded>
  );
}
