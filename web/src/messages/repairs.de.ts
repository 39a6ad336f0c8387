/** Was umgeschrieben wurde, nach seiner Regel; `times` sagt, wie oft. */
import type { RepairRule } from "../api/types";

export const deRepairs: Record<RepairRule, (times: string) => string> = {
  boolean_from_text: (times) => `${times} „True“ als true oder „False“ als false gelesen`,
  text_from_number: (times) => `${times} eine Zahl als Text gelesen`,
  number_from_text: (times) => `${times} Text als Zahl gelesen`,
  wrapped_in_list: (times) => `${times} einen einzelnen Wert als Liste mit einem Eintrag gelesen`,
  unwrapped_from_list: (times) => `${times} eine Liste mit einem Eintrag als ihren einzigen Wert gelesen`,
  manager_from_text: (times) => `${times} bloßen Text als Kennung der vorgesetzten Person gelesen`,
  manager_id_renamed: (times) => `${times} „managerId“ als „manager“ gelesen`,
  object_from_text: (times) => `${times} bloßen Text als Objekt mit diesem Wert gelesen`,
  value_from_object: (times) => `${times} ein Objekt als den einfachen Wert darin gelesen`,
  unknown_attribute: (times) => `${times} ein Attribut weggelassen, das kein Schema kennt`,
  unknown_path: (times) => `${times} die Änderung eines Attributs übergangen, das kein Schema kennt`,
  operation_name_case: (times) => `${times} eine Operation wie „Add“ als „add“ gelesen`,
  dotted_key: (times) =>
    `${times} einen Pfad wie „name.familyName“, als Schlüssel gesendet, als das Attribut gelesen, das er nennt`,
  extension_without_urn: (times) => `${times} ein Attribut in seine Erweiterung gesetzt, die nicht genannt war`,
  missing_schemas: (times) => `${times} das Schema ergänzt, das ein Inhalt nicht nannte`,
  unknown_schema: (times) => `${times} ein Schema übergangen, das hier nicht bekannt ist`,
  scim11_schema: (times) => `${times} den Namen des Schemas in SCIM 1.1 als den in SCIM 2.0 gelesen`,
  scim11_members: (times) => `${times} eine Änderung von Mitgliedern in der Form von SCIM 1.1 gelesen`,
  several_primary: (times) => `${times} den ersten von mehreren Hauptwerten behalten`,
  active_kept: (times) => `${times} „active“ behalten, wie es war, als es geleert werden sollte`,
  member_from_reference: (times) => `${times} ein Mitglied über sein „$ref“ gefunden`,
  member_without_value: (times) => `${times} ein Mitglied ohne Kennung weggelassen`,
  single_operation: (times) => `${times} eine einzelne Operation als Liste mit einem Eintrag gelesen`,
  remove_with_value: (times) => `${times} nur die Werte entfernt, die eine Entfernung aufzählte`,
  read_only_ignored: (times) => `${times} einen Wert weggelassen, den nur dieser Dienst setzt`,
};
