import type { ReactNode } from "react";
import { Brand } from "./Brand";
import "./EntryCard.css";

/** The one card of a page outside the frame: sign-in, first operator. */
export function EntryCard({ children }: { children: ReactNode }) {
  return (
    <main className="entry">
      <div className="entry-inner">
        <Brand />
        <div className="entry-card card">{children}</div>
      </div>
    </main>
  );
}
