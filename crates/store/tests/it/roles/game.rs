//! Random things that happen to a tenant, and a small model of what its people have by them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use store::testing::{CreateGroup, CreateUser, RemoveUser, author, origin};
use store::{Mapped, TenantStore};
use uuid::Uuid;

use super::units::{Activate, MoveMembers, RemoveGroup};
use super::{ROLES, Roles, key};

pub(super) struct Game {
    store: TenantStore,
    dice: u64,
    made: usize,
    /// Whether they are active.
    people: BTreeMap<Uuid, bool>,
    /// Their members, people and groups.
    groups: BTreeMap<Uuid, BTreeSet<Uuid>>,
    mappings: BTreeSet<(Uuid, &'static str)>,
    /// What happened, for who looks at a failure.
    pub(super) story: Vec<String>,
}

impl Game {
    pub(super) fn new(store: TenantStore, seed: u64) -> Self {
        let (people, groups, mappings) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        Self { store, dice: seed, made: 0, people, groups, mappings, story: Vec::new() }
    }

    /// A number below `most`, by SplitMix64.
    fn below(&mut self, most: usize) -> usize {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.dice;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }

    fn one(&mut self, of: &[Uuid]) -> Option<Uuid> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())]) }
    }

    fn some(&mut self, of: Vec<Uuid>) -> Vec<Uuid> {
        of.into_iter().filter(|_| self.below(3) == 0).collect()
    }

    fn all_people(&self) -> Vec<Uuid> {
        self.people.keys().copied().collect()
    }

    fn all_groups(&self) -> Vec<Uuid> {
        self.groups.keys().copied().collect()
    }

    fn all(&self) -> Vec<Uuid> {
        [self.all_people(), self.all_groups()].concat()
    }

    pub(super) async fn step(&mut self) {
        match self.below(14) {
            0 | 1 => self.create_person().await,
            2 | 3 => self.create_group().await,
            4..=6 => self.move_members().await,
            7 => self.activate().await,
            8 => self.delete_person().await,
            9 => self.delete_group().await,
            10 | 11 => self.map_or_unmap().await,
            _ => {
                let most = 2 + self.below(4);
                self.store.settle_roles(most).await.unwrap();
                self.story.push(format!("told {most}"));
            }
        }
    }

    async fn create_person(&mut self) {
        self.made += 1;
        let active = self.below(4) > 0;
        let body = json!({ "userName": format!("p{}", self.made), "active": active });
        let made = self.store.write(origin(self.store.id()), CreateUser(body)).await.unwrap().output;
        self.people.insert(made.id.as_uuid(), active);
        self.story.push(format!("person {} {active}", made.id));
    }

    async fn create_group(&mut self) {
        self.made += 1;
        let all = self.all();
        let members = self.some(all);
        let values: Vec<_> = members.iter().map(|id| json!({ "value": id.to_string() })).collect();
        let body = json!({ "displayName": format!("g{}", self.made), "members": values });
        let made = self.store.write(origin(self.store.id()), CreateGroup(body)).await.unwrap().output;
        self.story.push(format!("group {} of {members:?}", made.id));
        self.groups.insert(made.id.as_uuid(), members.into_iter().collect());
    }

    async fn move_members(&mut self) {
        let Some(group) = self.one(&self.all_groups()) else { return };
        let all = self.all();
        let add = self.some(all);
        let known: Vec<Uuid> = self.groups[&group].iter().copied().collect();
        let remove: Vec<Uuid> = self.some(known).into_iter().filter(|id| !add.contains(id)).collect();
        let text = |ids: &[Uuid]| ids.iter().map(Uuid::to_string).collect();
        let unit = MoveMembers { group: group.into(), add: text(&add), remove: text(&remove) };
        self.store.write(origin(self.store.id()), unit).await.unwrap();
        let members = self.groups.get_mut(&group).unwrap();
        members.extend(&add);
        members.retain(|id| !remove.contains(id));
        self.story.push(format!("{group} with {add:?} without {remove:?}"));
    }

    async fn activate(&mut self) {
        let Some(person) = self.one(&self.all_people()) else { return };
        let active = !self.people[&person];
        self.store.write(origin(self.store.id()), Activate(person.into(), active)).await.unwrap();
        self.people.insert(person, active);
        self.story.push(format!("{person} is active: {active}"));
    }

    async fn delete_person(&mut self) {
        let Some(person) = self.one(&self.all_people()) else { return };
        self.store.write(origin(self.store.id()), RemoveUser(person.into())).await.unwrap();
        self.people.remove(&person);
        self.leave(person);
    }

    async fn delete_group(&mut self) {
        let Some(group) = self.one(&self.all_groups()) else { return };
        self.store.write(origin(self.store.id()), RemoveGroup(group.into())).await.unwrap();
        self.groups.remove(&group);
        self.leave(group);
    }

    fn leave(&mut self, gone: Uuid) {
        for members in self.groups.values_mut() {
            members.remove(&gone);
        }
        self.story.push(format!("{gone} is gone"));
    }

    async fn map_or_unmap(&mut self) {
        let Some(group) = self.one(&self.all_groups()) else { return };
        let role = ROLES[self.below(ROLES.len())];
        let mappings = self.store.role_mappings();
        if self.mappings.remove(&(group, role)) {
            assert!(mappings.unmap(group.into(), &key(role), &author()).await.unwrap());
            self.story.push(format!("{group} gives {role} no longer"));
        } else {
            assert_eq!(mappings.map(group.into(), &key(role), &author()).await.unwrap(), Mapped::Done);
            self.mappings.insert((group, role));
            self.story.push(format!("{group} gives {role}"));
        }
    }

    /// What people have: from each mapped group down to whoever is active.
    pub(super) fn effective(&self) -> Roles {
        let mut roles = Roles::new();
        for (group, role) in &self.mappings {
            let (mut seen, mut next) = (BTreeSet::new(), vec![*group]);
            while let Some(id) = next.pop() {
                if seen.insert(id) {
                    next.extend(self.groups.get(&id).into_iter().flatten());
                }
            }
            for person in seen.iter().filter(|id| self.people.get(*id).is_some_and(|active| *active)) {
                roles.entry(*person).or_default().insert((*role).to_owned());
            }
        }
        roles
    }
}
