//! Which groups a group is in, at whatever depth, so far as that counts.
//!
//! Of what a group is in the nearest [`GROUPS`] count, of equally near ones those first by id; a walk ends after [`EDGES`]
//! memberships. What lies beyond gives no role. That depends on nothing but the groups above, so whoever asks gets the same,
//! and whoever is below a change of them is looked at after it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use domain::TenantId;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::StoreError;
use crate::dialect::Engine;
use crate::sql::Sql;
use crate::wall::Rows;

/// Groups that count of those that one is in.
const GROUPS: usize = 1_000;
/// Memberships of groups in groups that one walk goes over.
const EDGES: usize = 100_000;
/// Groups of one statement.
const ASKED: usize = 100;
/// Rows of one statement; more than count of one group, so that each statement ends one at least.
const ROWS: usize = 20_000;

/// Tenants of which it was said that not all of their groups count.
static SAID: Mutex<BTreeSet<TenantId>> = Mutex::new(BTreeSet::new());

/// For each of some groups those of `mapped` that it is or that it is in.
pub(super) async fn giving(
    rows: &Rows<'_>,
    tenant: TenantId,
    groups: &BTreeSet<Uuid>,
    mapped: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, StoreError> {
    let mut giving = BTreeMap::new();
    if mapped.is_empty() {
        return Ok(giving);
    }
    let mut nesting = Nesting { rows, tenant, groups: Vec::new(), places: HashMap::new(), edges: 0, walk: 0, cut: false };
    nesting.prepare(groups).await?;
    for group in groups {
        giving.insert(*group, nesting.above(*group, mapped).await?);
    }
    if nesting.cut && SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant) {
        tracing::warn!(%tenant, "a group is in more groups than count for roles; those farthest away give it none");
    }
    Ok(giving)
}

/// What is known of a tenant's groups in groups: each is asked for once, however many walks come by.
struct Nesting<'r> {
    rows: &'r Rows<'r>,
    tenant: TenantId,
    groups: Vec<Group>,
    places: HashMap<Uuid, usize>,
    /// Memberships that are known.
    edges: usize,
    /// The number of the walk that is being made.
    walk: u64,
    /// Whether a walk ended before it was through.
    cut: bool,
}

struct Group {
    id: Uuid,
    /// The places of the groups it is in, in the order of their ids, once they were asked for: one more than count, to see
    /// that there are more.
    up: Option<Vec<usize>>,
    /// The last walk that came by.
    seen: u64,
}

impl Nesting<'_> {
    /// Asks for what is above all of these together, level by level, so that a walk finds it known. Where that is very much,
    /// the walks ask for the rest themselves.
    async fn prepare(&mut self, groups: &BTreeSet<Uuid>) -> Result<(), StoreError> {
        self.walk += 1;
        let mut level: Vec<usize> = groups.iter().map(|id| self.place(*id)).collect();
        level.retain(|place| self.enter(*place));
        while !level.is_empty() {
            let mut next: Vec<usize> = Vec::new();
            for some in level.chunks(ASKED) {
                if self.edges >= EDGES {
                    return Ok(());
                }
                self.ask(some).await?;
                for place in some {
                    let up = self.groups.get(*place).and_then(|group| group.up.clone()).unwrap_or_default();
                    next.extend(up.into_iter().filter(|place| self.enter(*place)));
                }
            }
            level = next;
        }
        Ok(())
    }

    /// Of the group and those it is in that count, the mapped ones.
    async fn above(&mut self, group: Uuid, mapped: &BTreeSet<Uuid>) -> Result<BTreeSet<Uuid>, StoreError> {
        self.walk += 1;
        let own = self.place(group);
        self.enter(own);
        let mut given: BTreeSet<Uuid> = mapped.get(&group).copied().into_iter().collect();
        let (mut found, mut edges, mut level) = (0, 0, vec![own]);
        // Where all are found, what else is above changes nothing.
        while !level.is_empty() && given.len() < mapped.len() {
            let (mut next, mut cut): (Vec<usize>, bool) = (Vec::new(), false);
            let room = GROUPS.saturating_sub(found);
            'level: for some in level.chunks(ASKED) {
                self.ask(some).await?;
                for place in some {
                    if edges >= EDGES || (room == 0 && !next.is_empty()) {
                        cut = true;
                        break 'level;
                    }
                    // Taken out for the moment, so that others can be marked meanwhile.
                    let up = self.groups.get_mut(*place).and_then(|group| group.up.take()).unwrap_or_default();
                    edges += up.len();
                    next.extend(up.iter().copied().filter(|place| self.enter(*place)));
                    if let Some(group) = self.groups.get_mut(*place) {
                        group.up = Some(up);
                    }
                }
            }
            // Where a walk ends must not hang on what was known before it.
            next.sort_unstable_by_key(|place| self.groups.get(*place).map(|group| group.id));
            cut |= next.len() > room;
            next.truncate(room);
            found += next.len();
            let ids = next.iter().filter_map(|place| self.groups.get(*place)).map(|group| group.id);
            given.extend(ids.filter(|id| mapped.contains(id)));
            if cut {
                self.cut = true;
                break;
            }
            level = next;
        }
        Ok(given)
    }

    /// Asks for what these are in, where it is not known.
    async fn ask(&mut self, places: &[usize]) -> Result<(), StoreError> {
        let unknown = places.iter().filter_map(|place| self.groups.get(*place)).filter(|group| group.up.is_none());
        let mut unknown: Vec<Uuid> = unknown.map(|group| group.id).collect();
        unknown.sort_unstable();
        let mut left = unknown.as_slice();
        while !left.is_empty() {
            let sql = groups_above(self.rows.engine(), self.tenant, left);
            let rows = self.rows.query_all_raw(sql.statement()).await?;
            let mut above: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
            for row in &rows {
                above.entry(row.try_get("", "member_id")?).or_default().push(row.try_get("", "group_id")?);
            }
            // Where there are more rows, all of the last one's may not be among these, unless they are more than count.
            let whole = match above.last_key_value() {
                Some((last, of)) if rows.len() >= ROWS => left.partition_point(|id| id < last) + usize::from(of.len() > GROUPS),
                _ => left.len(),
            };
            let (known, rest) = left.split_at(whole.min(left.len()));
            for id in known {
                let of = above.remove(id).unwrap_or_default();
                let up: Vec<usize> = of.into_iter().take(GROUPS + 1).map(|id| self.place(id)).collect();
                self.edges += up.len();
                let place = self.place(*id);
                if let Some(group) = self.groups.get_mut(place) {
                    group.up = Some(up);
                }
            }
            left = rest;
        }
        Ok(())
    }

    fn place(&mut self, id: Uuid) -> usize {
        let next = self.groups.len();
        let place = *self.places.entry(id).or_insert(next);
        if place == next {
            self.groups.push(Group { id, up: None, seen: 0 });
        }
        place
    }

    /// Whether this walk comes by for the first time.
    fn enter(&mut self, place: usize) -> bool {
        let walk = self.walk;
        self.groups.get_mut(place).is_some_and(|group| std::mem::replace(&mut group.seen, walk) != walk)
    }
}

/// The groups that some groups are in, in the order of both ids.
pub(crate) fn groups_above(engine: Engine, tenant: TenantId, groups: &[Uuid]) -> Sql {
    // SQLite, whose table is an index itself, has to be told.
    let by = match engine {
        Engine::Sqlite => " INDEXED BY memberships_member",
        Engine::Postgres => "",
    };
    let mut sql = Sql::new(engine, &format!("SELECT m.member_id, m.group_id FROM memberships AS m{by} WHERE m.tenant_id = "));
    sql.arg(tenant.as_uuid()).push(" AND ").ids_among("m.member_id", groups);
    sql.push(" ORDER BY m.member_id, m.group_id LIMIT ").arg(i64::try_from(ROWS).unwrap_or(i64::MAX));
    sql
}
