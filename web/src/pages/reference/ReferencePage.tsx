/** The API reference: Swagger UI from npm in a chunk of its own, drawn from the document the service serves. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Failure } from "../../api/failure";
import { Loaded } from "../../components/Loaded";
import { useMessages } from "../../messages";
import { Link } from "../../ui/Link";
import { PageHeader } from "../../ui/PageHeader";
import { Skeleton } from "../../ui/Skeleton";
import { layout } from "./layout";
import "./reference.css";

const DOCUMENT = "/api/openapi.json";

const documentQuery = queryOptions({
  queryKey: ["reference"],
  queryFn: async ({ signal }) => {
    const [response, { default: SwaggerUI }] = await Promise.all([
      fetch(DOCUMENT, { signal }),
      import("swagger-ui-dist/swagger-ui-es-bundle.js"),
    ]);
    if (!response.ok) throw Failure.of(response, undefined);
    return { SwaggerUI, spec: (await response.json()) as object };
  },
  staleTime: Number.POSITIVE_INFINITY,
});

type OutgoingRequest = { method?: string; headers: Record<string, string> };

export function ReferencePage() {
  const { reference: texts } = useMessages();
  const query = useQuery(documentQuery);
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={
          <p>
            {texts.lead} <Link href={DOCUMENT}>{texts.document}</Link>
          </p>
        }
      />
      <Loaded query={query} skeleton={<Skeleton lines={8} />}>
        {({ SwaggerUI, spec }) => <Swagger draw={SwaggerUI} spec={spec} />}
      </Loaded>
    </>
  );
}

function Swagger({ draw, spec }: { draw: (options: Record<string, unknown>) => unknown; spec: object }) {
  const { reference: texts } = useMessages();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    draw({
      domNode: place.current,
      // Swagger UI writes into what it is given; the cached document stays as it is.
      spec: structuredClone(spec),
      layout: "OwnLayout",
      plugins: [layout],
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      // The service's own rule for calls that change something from a browser.
      requestInterceptor: (request: OutgoingRequest) => {
        if (request.method && request.method !== "GET") request.headers["x-directory-sync"] = "console";
        return request;
      },
    });
  }, [draw, spec]);
  return (
    <section aria-label={texts.operations}>
      <h2 className="visually-hidden">{texts.operations}</h2>
      <div ref={place} className="reference" />
    </section>
  );
}
