import type { ReactNode } from "react";

/** A card under a heading of its own. */
export function Section({
  id,
  title,
  hint,
  children,
}: {
  id: string;
  title: string;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {hint && <span className="small quiet">{hint}</span>}
      </div>
      <div className="system-body contained">{children}</div>
    </section>
  );
}
