import { useQuery } from "@tanstack/react-query";
import { signInOptionsQuery } from "../../api/session";
import { signInStateQuery } from "../../api/signIn";

/** How one signs in; never known on a service without second factors, which names no passkeys either. */
export function useSignInState() {
  const options = useQuery(signInOptionsQuery);
  const offered = options.data?.passkeys !== undefined;
  return { offered, query: useQuery({ ...signInStateQuery, enabled: offered }) };
}
