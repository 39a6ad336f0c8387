//! One newtype per kind of id. All are UUIDv7 that we make ourselves; nothing a client sends ever becomes one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every id this process made before.
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// The plain UUID, as rows hold it.
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            /// Reads only the form we print (lower case, hyphenated): one id has one spelling.
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse_uuid(text).map(Self)
            }
        }
    };
}

/// The text is no id of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

fn parse_uuid(text: &str) -> Result<Uuid, NotAnId> {
    let canonical = text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase());
    if !canonical {
        return Err(NotAnId);
    }
    Uuid::try_parse(text).map_err(|_| NotAnId)
}

id!(/// A customer company.
    TenantId);
id!(/// One IdP application of a tenant.
    ConnectionId);
id!(/// A credential of a connection.
    CredentialId);
id!(/// A secret of an OAuth client.
    ClientSecretId);
id!(/// A person in a tenant's directory.
    UserId);
id!(/// A group in a tenant's directory.
    GroupId);
id!(/// A person in the console.
    AdminId);
id!(/// Somebody asked to become a person in the console.
    InvitationId);
id!(/// A passkey of a person in the console.
    PasskeyId);
id!(/// A key of an OpenAPI client.
    ApiKeyId);
id!(/// A link by which somebody sets a connection up.
    SetupLinkId);
id!(/// A receiver of a tenant's changes.
    WebhookId);
id!(/// One try to send something to a webhook.
    DeliveryId);
id!(/// A schema of a tenant's own.
    SchemaId);
id!(/// One request in a sync log.
    SyncEventId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = UserId::generate();
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_spellings_of_a_uuid_are_no_ids() {
        let id = UserId::generate();
        for text in [id.to_string().to_uppercase(), id.as_uuid().simple().to_string(), String::new(), format!("{id} ")] {
            assert_eq!(text.parse::<UserId>(), Err(NotAnId), "{text}");
        }
    }

    #[test]
    fn ids_made_later_sort_later() {
        let ids: Vec<_> = (0..1000).map(|_| UserId::generate()).collect();
        assert!(ids.is_sorted());
    }
}
