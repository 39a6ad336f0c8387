//! An app's mirror proven equal to the directory, or told exactly where it is not and which change it missed.

use domain::{Fingerprint, GroupId, Right};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use store::{Claim, Compared, Mirrored};
use uuid::Uuid;

use crate::auth::Signed;
use crate::failure::Failure;
use crate::form::Form;
use crate::service::Tag;

/// Most bytes of a question: so many items as it may have, generously written.
pub(crate) const BODY: usize = 256 * 1024;
/// Most items of a question.
const MOST: usize = 1_000;
/// Questions that a node answers at one time, of each tenant one: each holds a connection, and a processor while it computes
/// hashes.
pub(crate) const AT_ONCE: usize = 2;

pub(crate) struct DriftChecks;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
enum DriftResourceType {
    /// People.
    User,
    /// Groups, without their members.
    Group,
    /// The members of one group.
    Member,
}

/// Something that the mirror has.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DriftItem {
    /// Its id.
    id: String,
    /// SHA-256 of the canonical JSON (RFC 8785) of what the mirror has of it, which is what the feed gave as `after`: 64
    /// hexadecimal digits in lower case. Members have none.
    hash: Option<String>,
}

/// What the mirror has of one range of ids.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct DriftQuestion {
    /// What is compared.
    resource_type: DriftResourceType,
    /// The group whose members are compared.
    group_id: Option<String>,
    /// The range begins after this id: `through` of the answer before. It begins at the first without it.
    after: Option<String>,
    /// All that the mirror has in the range, in the order of ids, at most 1,000. The range ends with the last of them.
    items: Vec<DriftItem>,
    /// Whether the mirror has nothing after them: the range goes to the end then.
    #[oai(default)]
    last: bool,
}

/// Something that the directory has and the mirror has not.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct DriftMissing {
    /// Its id.
    id: String,
    /// The change by which it came: of a person or group the first change that is kept. Absent when none is.
    seq: Option<u64>,
}

/// Something that both have and not alike.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct DriftDiffering {
    /// Its id.
    id: String,
    /// The last change of it. Absent when that is no longer kept.
    seq: Option<u64>,
    /// Its version in the directory.
    version: u64,
}

/// Something that only the mirror has.
#[derive(Debug, Object)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct DriftUnknown {
    /// Its id.
    id: String,
    /// The change by which it was deleted, or taken out of the group. Absent when that is no longer kept, and when it was
    /// never there.
    deleted_seq: Option<u64>,
}

/// How the mirror differs from the directory in the range.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
struct DriftReport {
    /// The change as of which the directory was read.
    seq: u64,
    /// How many ids were compared, those of both sides once.
    checked: u64,
    /// What to send as `after` for the range that follows; absent when the end was reached.
    through: Option<String>,
    /// What the directory has and the mirror has not.
    missing: Vec<DriftMissing>,
    /// What both have and not alike.
    differing: Vec<DriftDiffering>,
    /// What only the mirror has.
    unknown: Vec<DriftUnknown>,
    /// Whether there were more than 1,000 differences: the range was compared up to `through` only.
    more: bool,
}

#[OpenApi(tag = "Tag::Directory")]
impl DriftChecks {
    /// Compare a mirror with the directory
    ///
    /// The app sends what its mirror has of one range of ids, each with a hash, and learns what is missing, what differs
    /// and what is not there any more, each with the change that the mirror missed. Go through all ids with `through` as
    /// `after`, and send `last` with the last of them; a mirror for which every answer names nothing is equal. The directory
    /// is read as of `seq`: what names a change that the mirror has not reached yet is no fault of it. Nothing is kept of
    /// the question. A node answers one question of a tenant at a time and lets three wait (`too_many_at_once`).
    #[oai(path = "/tenants/:tenant/drift", method = "post", operation_id = "checkDrift")]
    async fn check(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
        body: Json<DriftQuestion>,
    ) -> Result<Json<DriftReport>, Failure> {
        let visit = caller.0.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let claim = claim(body.0)?;
        let _turn = visit.shared.drift_turns.take(visit.tenant.id).await?;
        let snapshot = visit.store.snapshot().await?;
        if let Compared::Members(group) = claim.of
            && !snapshot.has_group(group).await?
        {
            return Err(Failure::field("groupId", "is no group of this tenant"));
        }
        let drift = snapshot.compare(&claim).await?;
        let text = |id: Uuid| id.to_string();
        Ok(Json(DriftReport {
            seq: snapshot.counters().seq,
            checked: drift.checked,
            through: drift.through.map(text),
            missing: drift.missing.iter().map(|missing| DriftMissing { id: text(missing.id), seq: missing.seq }).collect(),
            differing: drift
                .differing
                .iter()
                .map(|differing| DriftDiffering { id: text(differing.id), seq: differing.seq, version: differing.version })
                .collect(),
            unknown: drift
                .unknown
                .iter()
                .map(|unknown| DriftUnknown { id: text(unknown.id), deleted_seq: unknown.gone })
                .collect(),
            more: drift.more,
        }))
    }
}

/// The question as the store takes it.
///
/// # Errors
/// The first item that is not right, and all else that is not.
fn claim(question: DriftQuestion) -> Result<Claim, Failure> {
    let DriftQuestion { resource_type, group_id, after, items, last } = question;
    let mut form = Form::default();
    let group = group_id.as_deref().map(id);
    let of = match (resource_type, group) {
        (DriftResourceType::User, None) => Some(Compared::Users),
        (DriftResourceType::Group, None) => Some(Compared::Groups),
        (DriftResourceType::Member, Some(Some(group))) => Some(Compared::Members(group.into())),
        (DriftResourceType::Member, Some(None)) => {
            form.wrong("groupId", "is no id");
            None
        }
        (DriftResourceType::Member, None) => {
            form.wrong("groupId", "is needed for members");
            None
        }
        (DriftResourceType::User | DriftResourceType::Group, Some(_)) => {
            form.wrong("groupId", "is for members only");
            None
        }
    };
    let after = after.as_deref().map(id);
    if after == Some(None) {
        form.wrong("after", "is no id");
    }
    if items.len() > MOST {
        form.wrong("items", format!("are at most {MOST}"));
    } else if items.is_empty() && !last {
        form.wrong("items", "say up to where to compare: send some, or `last`");
    }
    let after = after.flatten();
    let items = mirrored(&items, resource_type == DriftResourceType::Member, after, &mut form);
    form.finish()?;
    let of = of.ok_or(Failure::Internal("a question without what is compared"))?;
    Ok(Claim { of, after, items, last })
}

/// The items, until the first that is not right.
fn mirrored(items: &[DriftItem], members: bool, after: Option<Uuid>, form: &mut Form) -> Vec<Mirrored> {
    let mut before = after;
    let mut all = Vec::with_capacity(items.len().min(MOST));
    for (place, item) in items.iter().take(MOST).enumerate() {
        let Some(id) = id(&item.id) else {
            form.wrong(&format!("items[{place}].id"), "is no id");
            break;
        };
        if before.is_some_and(|before| id <= before) {
            let order = if place == 0 { "does not come after `after`" } else { "does not come after the one before it" };
            form.wrong(&format!("items[{place}].id"), order);
            break;
        }
        let fingerprint = item.hash.as_deref().map(Fingerprint::parse);
        let wrong = match fingerprint {
            Some(_) if members => Some("is nothing that members have"),
            None if !members => Some("is needed"),
            Some(None) => Some("is not of 64 hexadecimal digits in lower case"),
            _ => None,
        };
        if let Some(wrong) = wrong {
            form.wrong(&format!("items[{place}].hash"), wrong);
            break;
        }
        before = Some(id);
        all.push(Mirrored { id, fingerprint: fingerprint.flatten() });
    }
    all
}

/// An id in the one form that ids have.
fn id(text: &str) -> Option<Uuid> {
    text.parse::<GroupId>().ok().map(GroupId::as_uuid)
}
