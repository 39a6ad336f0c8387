//! All of a tenant's directory as it is at one moment, as a stream of lines.

mod places;
mod spool;

use std::sync::Arc;
use std::time::Duration;
use std::{io, vec};

use domain::{Group, ResourceKind, Right, User};
use futures_util::stream;
use poem::{Body, IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use store::{Piece, Snapshot};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use self::places::Place;
pub(crate) use self::places::Snapshots as Places;
use self::spool::{Draining, Filling};

use crate::auth::Signed;
use crate::door::Shared;
use crate::failure::Failure;
use crate::live::{self, Pass};
use crate::service::Tag;
use crate::value::{Document, Time, Word};

/// How long a client may take for one.
const LIMIT: Duration = Duration::from_mins(30);
/// How often it is looked whether the client still may read.
const LOOK: Duration = Duration::from_secs(3);
const CONTENT_TYPE: &str = "application/x-ndjson";

pub(crate) struct Snapshots;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum LineKind {
    /// The first line: of which moment the snapshot is, and how much comes.
    Snapshot,
    /// A person.
    User,
    /// A group, without its members.
    Group,
    /// Members of a group; a large group has several such lines.
    Members,
    /// The last line: the snapshot is whole. One without it was broken off.
    End,
}

/// A member of a group.
#[derive(Debug, Object)]
struct SnapshotMember {
    /// Its id.
    id: String,
    /// Person or group.
    #[oai(rename = "type")]
    kind: Word<ResourceKind>,
}

/// A line of a snapshot.
#[derive(Debug, Object)]
#[oai(rename = "SnapshotLine", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct Line {
    /// What it says.
    kind: LineKind,
    /// The last change that the snapshot holds; first and last line.
    seq: Option<u64>,
    /// How many people the snapshot has; first and last line.
    users: Option<u64>,
    /// How many groups; first and last line.
    groups: Option<u64>,
    /// How many memberships; last line.
    memberships: Option<u64>,
    /// The person or group.
    id: Option<String>,
    /// Its version.
    version: Option<u64>,
    /// Whether the person is active.
    active: Option<bool>,
    /// When it was created.
    created_at: Option<Time>,
    /// When it was last changed.
    updated_at: Option<Time>,
    /// The person or group as changes have it before and after.
    resource: Option<Document>,
    /// Keys of the roles of the app that the person has, as changes up to this moment say.
    roles: Option<Vec<String>>,
    /// The group whose members these are.
    group_id: Option<String>,
    /// Some of its members.
    members: Option<Vec<SnapshotMember>>,
}

impl Line {
    fn new(kind: LineKind) -> Self {
        Self {
            kind,
            seq: None,
            users: None,
            groups: None,
            memberships: None,
            id: None,
            version: None,
            active: None,
            created_at: None,
            updated_at: None,
            resource: None,
            roles: None,
            group_id: None,
            members: None,
        }
    }
}

/// Lines that come as they are read.
struct Lines(Body);

impl IntoResponse for Lines {
    fn into_response(self) -> Response {
        Response::builder().content_type(CONTENT_TYPE).body(self.0)
    }
}

// A stream of lines, which the derived form cannot say.
impl ApiResponse for Lines {
    fn meta() -> MetaResponses {
        let schema = Line::schema_ref();
        MetaResponses {
            responses: vec![MetaResponse {
                description: "One object a line.",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema }],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        Line::register(registry);
    }
}

#[OpenApi(tag = "Tag::Directory")]
impl Snapshots {
    /// All of a tenant's people, groups and memberships at one moment
    ///
    /// Newline-delimited JSON: a line that names the `seq` the snapshot is consistent with, then people, groups, members, and
    /// a last line that says that it is whole. Follow the changes after that `seq`: nothing is missed and nothing comes
    /// twice. One that a client takes longer than half an hour for is broken off; two of a tenant are given at a time and
    /// eight by a node, and more are refused with 429.
    #[oai(path = "/tenants/:tenant/snapshot", method = "get", operation_id = "getSnapshot")]
    async fn get(
        &self,
        caller: Signed,
        /// The tenant's slug or id.
        tenant: Path<String>,
    ) -> Result<Lines, Failure> {
        let caller = caller.0;
        let visit = caller.enter_to(Right::DirectoryRead, &tenant.0).await?;
        let places = &caller.shared.snapshots;
        let place = places.take(visit.tenant.id)?;
        let turn = places.turn().await?;
        let snapshot = visit.store.snapshot().await?;
        let (filling, draining) = spool::open().await.map_err(|error| {
            tracing::error!(%error, "there is no place for a snapshot on its way");
            Failure::Internal("no file for a snapshot")
        })?;
        tokio::spawn(async move {
            if let Err(error) = fill(snapshot, filling).await {
                tracing::warn!(error = %error, "a snapshot was broken off");
            }
            drop(turn);
        });
        let reader = Reader {
            draining,
            pass: live::pass_of(&caller, visit.tenant.id, Right::DirectoryRead),
            shared: Arc::clone(&caller.shared),
            until: Instant::now() + LIMIT,
            next_look: Instant::now() + LOOK,
            _place: place,
        };
        Ok(Lines(Body::from_bytes_stream(stream::try_unfold(reader, Reader::next))))
    }
}

/// Takes the whole snapshot to the file. The database is done with when it returns.
async fn fill(mut snapshot: Snapshot, mut filling: Filling) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let counters = snapshot.counters();
    let frame =
        |kind| Line { seq: Some(counters.seq), users: Some(counters.users), groups: Some(counters.groups), ..Line::new(kind) };
    let mut memberships = 0;
    let mut wanted = filling.push(&text([frame(LineKind::Snapshot)])).await?;
    while wanted {
        let piece = match snapshot.next().await? {
            Some(Piece::Users(users)) => text(users.into_iter().map(user)),
            Some(Piece::Groups(groups)) => text(groups.into_iter().map(group)),
            Some(Piece::Memberships(found)) => {
                memberships += found.len() as u64;
                text(members(found))
            }
            None => {
                filling.push(&text([Line { memberships: Some(memberships), ..frame(LineKind::End) }])).await?;
                filling.end();
                return Ok(());
            }
        };
        wanted = filling.push(&piece).await?;
    }
    Ok(())
}

/// A client that takes the file.
struct Reader {
    draining: Draining,
    pass: Pass,
    shared: Arc<Shared>,
    until: Instant,
    next_look: Instant,
    _place: Place,
}

impl Reader {
    /// The next bytes; an error breaks the answer off, so that nobody takes a part for the whole.
    async fn next(mut self) -> io::Result<Option<(Vec<u8>, Self)>> {
        let now = Instant::now();
        let late = now > self.until || self.shared.streams.ended();
        if late || now > self.next_look && !(self.pass)().await {
            return Err(io::Error::other("the reader may not read on"));
        }
        if now > self.next_look {
            self.next_look = now + LOOK;
        }
        let piece = timeout_at(self.until, self.draining.next()).await??;
        Ok(piece.map(|piece| (piece, self)))
    }
}

fn text(lines: impl IntoIterator<Item = Line>) -> Vec<u8> {
    lines.into_iter().flat_map(|line| (line.to_json_string() + "\n").into_bytes()).collect()
}

fn user((user, roles): (User, Vec<String>)) -> Line {
    Line {
        id: Some(user.id.to_string()),
        version: Some(user.version),
        active: Some(user.active),
        created_at: Some(Time(user.created_at)),
        updated_at: Some(Time(user.updated_at)),
        resource: Some(Document(user.resource.into_value())),
        roles: Some(roles),
        ..Line::new(LineKind::User)
    }
}

fn group(group: Group) -> Line {
    Line {
        id: Some(group.id.to_string()),
        version: Some(group.version),
        created_at: Some(Time(group.created_at)),
        updated_at: Some(Time(group.updated_at)),
        resource: Some(Document(group.resource.into_value())),
        ..Line::new(LineKind::Group)
    }
}

/// A line for each group, with those of its members that are in this piece.
fn members(found: Vec<(Uuid, Uuid, ResourceKind)>) -> vec::IntoIter<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last = None;
    for (group, id, kind) in found {
        if last != Some(group) {
            last = Some(group);
            lines.push(Line { group_id: Some(group.to_string()), members: Some(Vec::new()), ..Line::new(LineKind::Members) });
        }
        let member = SnapshotMember { id: id.to_string(), kind: Word(kind) };
        if let Some(members) = lines.last_mut().and_then(|line| line.members.as_mut()) {
            members.push(member);
        }
    }
    lines.into_iter()
}
