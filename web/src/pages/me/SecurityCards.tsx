import { Loaded } from "../../components/Loaded";
import { PasskeysCard } from "./PasskeysCard";
import { SecondFactorCard } from "./SecondFactorCard";
import { useSignInState } from "./useSignInState";

/** What stands beside the password; nothing on a service that knows no such thing. */
export function SecurityCards() {
  const { offered, query: state } = useSignInState();
  if (!offered) return null;
  return (
    <Loaded query={state}>
      {(data) => (
        <>
          <SecondFactorCard state={data} onChanged={() => void state.refetch()} />
          <PasskeysCard passkeys={data.passkeys} onChanged={() => void state.refetch()} />
        </>
      )}
    </Loaded>
  );
}
