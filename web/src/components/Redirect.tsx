import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

/** Leads on to another address, in the place of this one. */
export function Redirect({ href }: { href: string }) {
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ href, replace: true });
  }, [navigate, href]);
  return null;
}
