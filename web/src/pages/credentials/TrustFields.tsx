import { useCredentialsMessages } from "../../messages/credentials";
import { Choices } from "../../ui/Choice";
import { Field } from "../../ui/Field";
import type { TrustDraft, TrustFault } from "./trust";

/** The fields of a form that say whose signatures prove a client. */
export function TrustFields({
  value,
  onChange,
  fault,
  errors,
}: {
  value: TrustDraft;
  onChange: (next: TrustDraft) => void;
  /** What is wrong with the keys before they are sent. */
  fault: TrustFault | undefined;
  /** What the service found wrong, by its names of the fields. */
  errors: Record<string, string>;
}) {
  const { credentials } = useCredentialsMessages();
  const texts = credentials.client;
  const wrong = fault && texts.faults[fault];
  const set = (more: Partial<TrustDraft>) => onChange({ ...value, ...more });
  return (
    <>
      {(["issuer", "subject", "audience"] as const).map((claim) => (
        <Field
          key={claim}
          label={texts[claim]}
          name={`trust-${claim}`}
          autoComplete="off"
          mono
          value={value[claim]}
          onChange={(typed) => set({ [claim]: typed })}
          description={texts[`${claim}Hint`]}
          error={errors[`trust.${claim}`]}
          maxLength={500}
        />
      ))}
      <Choices
        label={texts.keys}
        value={value.keys}
        choices={(["address", "set"] as const).map((from) => ({
          value: from,
          label: texts.keysFrom[from],
          hint: texts.keysHint[from],
        }))}
        onChange={(keys) => set({ keys })}
      />
      {value.keys === "address" ? (
        <Field
          label={texts.jwksUri}
          name="trust-jwks-uri"
          autoComplete="off"
          mono
          value={value.jwksUri}
          onChange={(jwksUri) => set({ jwksUri })}
          error={wrong ?? errors["trust.jwksUri"]}
          isRequired
        />
      ) : (
        <Field
          label={texts.jwks}
          name="trust-jwks"
          autoComplete="off"
          mono
          lines={6}
          value={value.jwks}
          onChange={(jwks) => set({ jwks })}
          description={texts.jwksHint}
          error={wrong ?? errors["trust.jwks"]}
          isRequired
        />
      )}
    </>
  );
}
